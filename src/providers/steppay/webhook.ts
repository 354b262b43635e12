import { z } from 'zod';
import type { WebhookHint } from '#providers/provider';
import { isIdKey, readJson } from './wire';

/** A v1 webhook or why it is none. Reasons never quote the body. */
export type ReadWebhookV1 = { readonly hint: WebhookHint } | { readonly reason: string };

/** Three short fields: a larger body is not a v1 webhook. */
const LARGEST_BODY_BYTES = 16_384;

const hintSchema = z.object({
  webHookType: z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/),
  orderId: z.union([z.string(), z.number().transform(String)]).pipe(z.string().regex(/^\d{1,19}$/)),
  idKey: z.string().refine(isIdKey),
});

/**
 * Reads a v1 webhook (guide, "결제 웹훅"): JSON or form-encoded, whichever the merchant chose in the portal. It is not signed,
 * so it is a hint only. Everything but the three documented fields is dropped unread.
 */
export function readWebhookV1(rawBody: Buffer, contentType: string | undefined): ReadWebhookV1 {
  if (rawBody.length > LARGEST_BODY_BYTES) return { reason: 'the body is too large' };
  const body = rawBody.toString('utf8');
  const fields = readFields(body, contentType);
  if ('reason' in fields) return fields;
  const parsed = hintSchema.safeParse(fields.fields);
  if (!parsed.success)
    return { reason: `not a webhook: ${[...faultyFields(parsed.error)].join(', ')} missing or malformed` };
  const { webHookType, orderId, idKey } = parsed.data;
  return { hint: { order: orderId, idKey, type: webHookType } };
}

function readFields(body: string, contentType: string | undefined): { fields: unknown } | { reason: string } {
  switch (contentType?.split(';')[0]?.trim().toLowerCase()) {
    case 'application/json': {
      const fields = readJson(body);
      return fields === undefined ? { reason: 'the body is not JSON' } : { fields };
    }
    case 'application/x-www-form-urlencoded': {
      const form = new URLSearchParams(body);
      const field = (name: string): string | undefined => form.get(name)?.trim();
      return {
        fields: { webHookType: field('webHookType'), orderId: field('orderId'), idKey: field('idKey') },
      };
    }
    default:
      return { reason: 'the content type is neither application/json nor application/x-www-form-urlencoded' };
  }
}

function faultyFields(error: z.ZodError): Set<string> {
  return new Set(error.issues.map((issue) => String(issue.path[0] ?? 'the body')));
}
