# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: the lockfile names this system's binaries only, which `npm ci` takes for a mistake. The
# versions are the lockfile's in either case. The browser shipped in a package gives way to Debian's.
RUN --mount=type=cache,target=/root/.npm \
    npm install --omit=dev --no-audit --no-fund \
    && rm -rf node_modules/@sparticuz

FROM node:20-bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell tini \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json LICENSE ./
COPY errors ./errors
COPY data ./data
COPY video ./video
COPY templates ./templates
COPY worker ./worker
COPY server ./server
COPY cli ./cli
COPY docker/healthcheck.mjs ./docker/healthcheck.mjs
# Builds the program, which who runs it here may not.
RUN node cli/bespoke.mjs --version

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
ENTRYPOINT ["tini", "--", "node", "cli/bespoke.mjs"]
CMD ["serve", "--host", "0.0.0.0"]
