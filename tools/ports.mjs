import net from 'node:net';

/** Whether a program could listen on this port now. */
export async function isFree(port, host = '127.0.0.1') {
  // Both questions are needed: some systems let a program bind 127.0.0.1 beside one that holds all addresses.
  return (await canListen(port, host)) && !(await answers(port));
}

/** Whether something accepts connections on this port of this machine. */
export function answers(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host });
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** As many different free ports as asked for. All are held until the last one is known. */
export async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, () => listen(0, '127.0.0.1')));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * One sentence for every port that is taken or that is no port number.
 * @param {{ port: number, variable: string, what: string, hint?: string }[]} wanted
 */
export async function portFaults(wanted) {
  const faults = [];
  const seen = new Map();
  for (const { port, variable, what, hint } of wanted) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      faults.push(`${variable} must be a port number from 1 to 65535.`);
    } else if (seen.has(port)) {
      faults.push(`${variable} and ${seen.get(port)} both name port ${port}; give each its own.`);
    } else if (!(await isFree(port))) {
      faults.push(
        `Port ${port} (${what}) is taken by another program; stop it or set ${variable} to a free port${hint ? `, ${hint}` : ''}.`,
      );
    }
    seen.set(port, variable);
  }
  return faults;
}

async function canListen(port, host) {
  try {
    const server = await listen(port, host);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}
