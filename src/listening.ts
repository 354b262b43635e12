import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { ConfigError } from './config';

/** Listens at once, so that a taken port is named before anything else is started; answers 503 until the product is up. */
export async function listen(port: number, host: string, variable: string): Promise<Server> {
  const server = createServer(starting);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(error, variable, port)));
    server.listen(port, host, resolve);
  });
  return server;
}

function starting(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' }).end('starting\n');
}

/** From now on the app answers. */
export function serve(server: Server, app: Express): void {
  server.removeListener('request', starting);
  server.on('request', app);
}

/** The port that a listening server got. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A taken port is named with the variable that chose it; any other error stays as it is. */
export function portTaken(error: unknown, variable: string, port: number): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken
    ? new ConfigError(`${variable}: port ${port} is taken by another program; stop it or choose another port`)
    : error;
}

/** Resolves when the last answer is out; connections that linger are cut after five seconds. */
export async function closed(server: Server): Promise<void> {
  server.closeIdleConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });
}
