"""All SQL of the service, by what it is about. Rows become domain objects here and nowhere else; rules are not applied here."""

from chassis.sql import load_queries

queries = load_queries("services.registration")
