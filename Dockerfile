# syntax=docker/dockerfile:1
# The service as an ordinary user, with the documentation already built. It was written with care on a machine that could not run it.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# Everything that is needed comes from the lock file; then what only tests and checks need is left behind.
RUN npm ci --no-audit --no-fund \
 && npm run docs:build \
 && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# The embedded PostgreSQL needs these; with DATABASE_URL they are idle.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tini libxml2 libssl3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin asa \
 && install -d -o asa -g asa -m 0711 /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV NODE_ENV=production ASA_HOST=0.0.0.0 ASA_PORT=8080 ASA_DATA_DIR=/data
USER asa
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# tini passes signals on and reaps what PostgreSQL leaves behind. In-flight requests have 20 s after SIGTERM.
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--", "node", "packages/gateway/bin/start.js"]
