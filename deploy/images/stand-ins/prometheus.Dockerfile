# Answers like the official Prometheus image: its flags, its volume, its user.
ARG DEBIAN
FROM ${DEBIAN}
COPY prometheus /bin/prometheus
RUN install --directory --owner 65534 --group 65534 /prometheus
USER 65534:65534
EXPOSE 9090
VOLUME ["/prometheus"]
ENTRYPOINT ["/bin/prometheus"]
