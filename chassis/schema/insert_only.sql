-- The event log is insert-only for whoever runs the service: a trigger comes with every partition, and only the owner of the table could
-- switch it off.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON event_log FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Its months are made by the relay in the owner's name, who may make no other table.
ALTER FUNCTION ensure_event_log_months(integer) SECURITY DEFINER SET search_path TO public, pg_temp;
