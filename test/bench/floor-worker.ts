import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** The worker of the floor: one request to the simulator for each charge, no record of anything. */

export const FLOOR_QUEUE = 'bench-floor';

interface Charge {
  readonly order: string;
  readonly idKey: string;
  readonly customer: string;
}

export type FloorActivities = ReturnType<typeof activitiesFor>;

function activitiesFor(simulatorUrl: string, secretToken: string) {
  return {
    async charge({ order, idKey, customer }: Charge): Promise<unknown> {
      const answer = await fetch(`${simulatorUrl}/api/payment/billing`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'secret-token': secretToken },
        body: JSON.stringify({
          idKey,
          partner: { partnerOrderId: order, partnerUserId: customer },
          product: { itemName: 'floor', amount: 9_900, quantity: 1 },
          customer: { userName: 'Floor', phone: '01012345678', email: 'floor@example.com' },
        }),
      });
      if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    /** Tells nobody. */
    async tell(): Promise<void> {},
  };
}

/** Starts it; it ends when `stop` is called. */
export async function startFloor(
  address: string,
  simulatorUrl: string,
  secretToken: string,
): Promise<{ stop: () => Promise<void> }> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: FLOOR_QUEUE,
    workflowsPath: require.resolve('./floor'),
    activities: activitiesFor(simulatorUrl, secretToken),
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
