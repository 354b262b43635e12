# The engine and, as another command of the same image, the StepPay simulator.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workflows workflows
COPY activities activities
COPY tools/copy-assets.mjs tools/bundle-polyfill.mjs tools/
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# Workflow code computes with dates: every process must do so in one zone.
ENV NODE_ENV=production TZ=UTC HOST=0.0.0.0 PERENNIAL_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# A new volume takes the owner of the folder that it covers.
RUN mkdir /data /simulator && chown node:node /data /simulator
USER node
EXPOSE 3000 4010
CMD ["node", "dist/src/main.js"]
