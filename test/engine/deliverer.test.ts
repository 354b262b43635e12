import type { Client } from '@temporalio/client';
import { Deliverer } from '#engine/deliverer';
import { pollUntil } from '../support/until';

/** Who is woken when there is news, by a client that notes what it is asked to do. */

function delivererOf(failing: readonly string[] = []) {
  const woken: string[] = [];
  const warnings: unknown[] = [];
  const client = {
    workflow: {
      signalWithStart: async (_type: string, { workflowId }: { workflowId: string }) => {
        if (failing.includes(workflowId)) throw new Error('RESOURCE_EXHAUSTED');
        woken.push(workflowId);
      },
    },
  };
  const endpoints = async () =>
    ['we_1', 'we_2', 'we_3', 'we_4'].map((id) => ({
      ...{ id, url: '', secrets: [], failures: 0, createdAt: '', changedAt: '' },
      status: id === 'we_4' ? ('disabled' as const) : ('enabled' as const),
    }));
  const deliverer = new Deliverer(
    client as unknown as Client,
    { endpoints },
    { mode: 'test', account: 'ours' },
    { warn: (about: unknown) => void warnings.push(about) } as never,
  );
  return { deliverer, woken, warnings };
}

test('one that cannot be woken keeps nobody else asleep', async () => {
  const { deliverer, woken, warnings } = delivererOf(['webhooks-we_1']);
  deliverer.onNews();
  deliverer.onNews();
  await pollUntil(() => warnings.length > 0);
  expect(woken).toEqual(['webhooks-we_2', 'webhooks-we_3']);
  expect(warnings).toEqual([{ err: expect.any(Error), endpoints: 1 }]);
  await deliverer.stop();
});

test('what was gathered when it stops is told before', async () => {
  const { deliverer, woken } = delivererOf();
  deliverer.onNews();
  await deliverer.stop();
  expect(woken).toEqual(['webhooks-we_1', 'webhooks-we_2', 'webhooks-we_3']);
  await deliverer.stop();
  expect(woken).toHaveLength(3);
});
