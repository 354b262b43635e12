/** Text with separated values, as spreadsheets write it: quoted fields, doubled quotes, any line ending. */

/** Comma, tab or semicolon: whichever the first line has most of outside quotes. */
export function separatorOf(text: string): string {
  const first = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (separator: string) => first.split(separator).length;
  return [',', '\t', ';'].reduce((most, each) => (count(each) > count(most) ? each : most));
}

/** Every record with its fields, empty lines left out; a quote that is never closed ends with the text. */
export function* recordsOf(text: string, separator = separatorOf(text)): Generator<string[]> {
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = fieldAt(text, at, separator);
    record.push(field.value);
    at = field.end;
    if (text[at] === separator) {
      at += 1;
      // A separator at the very end is followed by one more, empty field.
      if (at < text.length) continue;
      record.push('');
    }
    if (record.some((value) => value !== '')) yield record;
    record = [];
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
  }
}

function fieldAt(text: string, start: number, separator: string): { value: string; end: number } {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
    return { value: text.slice(start, end).trim(), end };
  }
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    value += '"';
    at += 1;
  }
  // What stands between a closing quote and the separator belongs to nobody.
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return { value: value.trim(), end: at };
}
