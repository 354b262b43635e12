/** A string, or a number; strings come first so that digits inside them are left alone. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const WHOLE = /^-?\d+$/;

/**
 * Parses JSON without losing digits: a whole number that a JavaScript number cannot hold exactly comes as its own text.
 * StepPay types an order number as Long, and 18 digits are beyond 2^53 (guide, webhook body).
 * @throws SyntaxError when the text is not JSON
 */
export function parseJsonExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  const quoted = text.replace(STRING_OR_NUMBER, (token) =>
    WHOLE.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
  // The first parse has proven the text, so quoting cannot turn something broken into JSON.
  return quoted === text ? parsed : JSON.parse(quoted);
}
