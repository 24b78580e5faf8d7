# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json .npmrc ./
# Packages first, so that a change of the sources does not install them again. The browser shipped in a
# package gives way to Debian's.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/@sparticuz
COPY scripts/build.mjs ./scripts/build.mjs
COPY errors ./errors
COPY data ./data
COPY video ./video
COPY templates ./templates
COPY starter ./starter
COPY worker ./worker
COPY server ./server
COPY client ./client
COPY cli ./cli
RUN npm run build

FROM node:20-bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell espeak-ng tini \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY --from=build /app ./
COPY LICENSE ./
COPY docker/healthcheck.mjs ./docker/healthcheck.mjs

# What this container keeps: bundles, copies of stored files, logs. Each container has its own.
RUN install -d -o node -g node -m 0700 /var/lib/bespoke \
    # A folder that containers of one machine share, where no bucket is used.
    && install -d -o node -g node -m 0700 /store
VOLUME /var/lib/bespoke
ENV NODE_ENV=production \
    BESPOKE_WORKSPACE=/var/lib/bespoke

USER node
EXPOSE 8787
# The API answers on this port, and a worker that is started with --metrics-port 8787.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "docker/healthcheck.mjs"]
# tini ends what a process leaves behind; signals reach Bespoke, which drains.
ENTRYPOINT ["tini", "--", "node", "dist/bespoke.mjs"]
CMD ["serve", "--host", "0.0.0.0"]
