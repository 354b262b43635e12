import type { Response, Router } from 'express';
import { z } from 'zod';
import { read, waitQuery } from './control-input';
import { CONTENT_TYPES, webhookUrlSchema } from './options';
import type { Parts } from './parts';
import { messageV1 } from './webhook-messages';
import type { Delivery } from './webhooks';

const sending = z.discriminatedUnion('act', [
  z
    .strictObject({
      act: z.literal('resend'),
      /** A delivery; or all of a payment, or of an order number. */
      id: z.string().optional(),
      idKey: z.string().optional(),
      order: z.string().optional(),
      type: z.string().optional(),
      copies: z.number().int().min(1).max(1_000).default(1),
      /** The newest first. */
      reversed: z.boolean().default(false),
    })
    .refine(({ id, idKey, order }) => id ?? idKey ?? order, 'one of id, idKey and order is needed'),
  z.strictObject({
    act: z.literal('forge'),
    type: z.string(),
    order: z.string(),
    idKey: z.string(),
    contentType: z.enum(CONTENT_TYPES).optional(),
    /** Sent as it stands instead of a body made of the other fields. */
    raw: z.string().optional(),
  }),
]);

type Sending = z.infer<typeof sending>;

/** The part of the control API that is about webhooks. */
export function webhookControl(router: Router, parts: Parts): void {
  router.post('/webhooks', async (request, response) => {
    const body = read(sending, request.body, response);
    if (!body) return;
    if (!parts.webhooks.url) refuseWithoutUrl(response);
    else if (body.act === 'forge') response.json([await forge(parts, body)]);
    else await resend(parts, body, response);
  });
  router.put('/webhook-url', (request, response) => {
    const body = read(z.strictObject({ url: webhookUrlSchema.nullable() }), request.body, response);
    if (!body) return;
    parts.webhooks.url = body.url ?? undefined;
    response.json({ url: body.url });
  });
  router.get('/idle', async (request, response) => {
    const query = read(waitQuery, request.query, response);
    if (!query) return;
    const idle = () => parts.webhooks.isIdle(query.order);
    response.json({ idle: await parts.changes.until(idle, query.waitMs) });
  });
}

function refuseWithoutUrl(response: Response): void {
  response.status(409).json({ error: 'there is no webhook URL: set one with PUT /simulator/webhook-url' });
}

function forge(parts: Parts, body: Extract<Sending, { act: 'forge' }>): Promise<Delivery> {
  const { type, order, idKey, contentType = parts.settings.webhookContentType, raw } = body;
  const notice = { type, order, idKey };
  const message = messageV1(notice, contentType);
  return parts.webhooks.sendOnce(notice, { ...message, body: raw ?? message.body });
}

async function resend(
  parts: Parts,
  body: Extract<Sending, { act: 'resend' }>,
  response: Response,
): Promise<void> {
  const wanted = parts.webhooks
    .list(body.order)
    .filter(
      (each) =>
        (body.id ?? each.id) === each.id &&
        (body.idKey ?? each.idKey) === each.idKey &&
        (body.type ?? each.type) === each.type,
    );
  if (body.reversed) wanted.reverse();
  const sent: Delivery[] = [];
  for (const each of wanted)
    for (let i = 0; i < body.copies; i += 1) sent.push(await parts.webhooks.sendOnce(each, each));
  if (sent.length > 0) response.json(sent);
  else response.status(404).json({ error: 'no such webhook' });
}
