# Parley in a container: no build step, the embedded store in /data.
FROM node:26-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# --ignore-scripts: the page is bundled below, once its sources are there.
RUN npm ci --omit=dev --ignore-scripts
COPY . .
RUN npm run prepare && mkdir -p /data && chown node:node /data
USER node
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=2567
VOLUME /data
EXPOSE 2567
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:'+process.env.PORT+'/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
# exec form through node itself, so that SIGTERM reaches the server
CMD ["node", "--enable-source-maps", "--no-memory-reducer", "server/main.ts"]
