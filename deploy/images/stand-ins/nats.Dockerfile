# Answers like the official NATS image as far as compose.yaml and testcontainers ask: bare flags, the server's name, a first configuration.
ARG DEBIAN
FROM ${DEBIAN}
# The official image is Alpine: its health is asked for with wget.
RUN ln -s /usr/bin/busybox /usr/local/bin/wget
COPY nats-server /usr/local/bin/nats-server
COPY entrypoint /usr/local/bin/docker-entrypoint.sh
COPY nats-server.conf /etc/nats/nats-server.conf
EXPOSE 4222 8222 6222
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["nats-server", "--config", "/etc/nats/nats-server.conf"]
