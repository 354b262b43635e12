import { z } from 'zod';
import { CURRENCY_DECIMALS, type Currency } from '#domain/money';

/**
 * What answers are made of, as schemas: the OpenAPI document is written from them, and the tests read every answer by them. They
 * are strict, so that nothing is answered that is not documented. Callers must not be: answers get new fields.
 */

/** Readonly all the way down: types are compared without regard to it. */
type Frozen<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Frozen<Each>[]
    : { readonly [Key in keyof T]: Frozen<T[Key]> };

/** A schema that says what a type says, checked by the compiler in both directions. */
export function exactly<T>() {
  return <S extends z.ZodType<T>>(
    schema: S & ([Frozen<T>] extends [Frozen<z.output<S>>] ? unknown : { readonly lacksSomethingOf: T }),
  ): S => schema;
}

export const time = z.iso.datetime();
export const day = z.iso.date();

/** Whole minor units; below zero nowhere. */
export const money = z.strictObject({
  amount: z.int().describe('Whole minor units: 9,900 won is 9900, 12.50 dollars are 1250.'),
  currency: z.enum(Object.keys(CURRENCY_DECIMALS) as [Currency, ...Currency[]]),
});

export const invoiceId = z.string().regex(/^inv_[1-9]\d{17}$/);
export const paymentId = z.string().regex(/^pay_[1-9]\d{17}(-\d{1,3})?$/);
export const refundId = z.string().regex(/^re_[1-9]\d{17}$/);
export const checkoutId = z.string().regex(/^chk_[1-9]\d{12}$/);
export const messageId = z.string().regex(/^msg_[a-z2-7]{20}$/);
export const reconciliationId = z.string().regex(/^rec_[0-9a-f]{20}$/);
export const apiKeyId = z.string().regex(/^key_\w{1,40}$/);
export const eventId = z.string().regex(/^evt_[1-9]\d{12}_[1-9]\d{0,8}$/);
export const endpointId = z.string().regex(/^we_[a-z2-7]{20}$/);
export const holdId = z.string().regex(/^hold_\w{1,40}$/);

/** Half-open: `start` belongs to it, `end` to the next one. */
export const span = z.strictObject({ start: time, end: time });

/** A page of a list. */
export function pageOf<S extends z.ZodType>(each: S) {
  return z.strictObject({
    data: z.array(each),
    nextCursor: z.string().nullable().describe('`cursor` of the next page; null on the last one.'),
  });
}

/** All there is, in the form of a page: one that grew long may come in pages some day. */
export function listOf<S extends z.ZodType>(each: S) {
  return z.strictObject({
    data: z.array(each),
    nextCursor: z.string().nullable().describe('null: that was all.'),
  });
}
