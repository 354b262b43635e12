import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { createTransport } from 'nodemailer';
import type { Carrier } from './carrier';
import { mailOf } from './letter';
import type { Mailbox } from './mailbox';

/** Where there is no mail server: each message becomes a file that mail programs open, `<folder>/<id>.eml`, for its owner only. */
export function folderCarrier(folder: string, from: Mailbox): Carrier {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async carry(message) {
      try {
        const { message: written } = await transport.sendMail(mailOf(message, from));
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = join(folder, `${message.id}.eml`);
        await writeFile(`${file}.unfinished`, written as Buffer, { mode: 0o600 });
        await rename(`${file}.unfinished`, file);
        return { kind: 'kept' };
      } catch (error) {
        const code = isNativeError(error) && 'code' in error ? String(error.code) : 'unknown';
        return { kind: 'later', failure: `FILE ${code}`, ours: true };
      }
    },
  };
}
