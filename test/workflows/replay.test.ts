import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import pino from 'pino';
import { bundleWorkflows } from '#engine/bundle';

/** Recorded histories must replay: a change of the workflow that breaks a sleeping subscription is seen here first. */
const FOLDER = join(__dirname, '../histories');

test('every recorded run replays', async () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(0);
  const workflowBundle = await bundleWorkflows(pino({ level: 'error' }));
  for (const file of files) {
    const histories = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as string[];
    expect(histories.length).toBeGreaterThanOrEqual(12);
    const replayed = Worker.runReplayHistories(
      { workflowBundle, replayName: file },
      histories.map((history, index) => ({
        workflowId: `${file}-${index}`,
        history: temporal.api.history.v1.History.decode(Buffer.from(history, 'base64')),
      })),
    );
    let count = 0;
    for await (const result of replayed) {
      expect(result.error).toBeUndefined();
      count += 1;
    }
    expect(count).toBe(histories.length);
  }
}, 120_000);
