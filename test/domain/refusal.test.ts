import { isRefusal, REFUSALS, refuse, sentenceOf } from '#domain/refusal';

const table = Object.entries(REFUSALS);

test.each(table)('%s has a code, a status and a sentence', (code, { status, sentence }) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect([400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 417, 422, 429, 431, 500, 503]).toContain(status);
  expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
});

test('no two refusals say the same', () => {
  expect(new Set(table.map(([, { sentence }]) => sentence)).size).toBe(table.length);
});

test('a refusal carries its code, and what is special about the case', () => {
  const plain = refuse('nothing_held');
  expect(plain).toEqual({ refused: 'nothing_held' });
  expect(sentenceOf(plain)).toBe(REFUSALS.nothing_held.sentence);
  expect(sentenceOf(refuse('refund_exceeds_rest', '900 KRW of 9900 are left.'))).toBe(
    'The refund is more than what is left of the payment. 900 KRW of 9900 are left.',
  );
  expect(isRefusal(plain)).toBe(true);
  expect(isRefusal({ changes: [] })).toBe(false);
});
