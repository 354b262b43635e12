const QUIET_INTERVAL_MS = 15_000;

/** Says a sentence to the person in front of the terminal; standard output stays free for what programs read. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/**
 * Shows one long piece of work: a line that keeps itself up to date on a terminal, a line every 15 seconds elsewhere.
 * @param {string} title what is being done, and how long it may take
 */
export function showProgress(title, stream = process.stderr) {
  const began = Date.now();
  let detail = '';
  const line = () => `${title} (${elapsed(began)})${detail && `: ${detail}`}`;
  const redraw = () => {
    const width = stream.columns || 80;
    stream.write(`\r${line().slice(0, width - 1)}\x1b[K`);
  };
  if (!stream.isTTY) stream.write(`${title}\n`);
  const timer = stream.isTTY
    ? setInterval(redraw, 250)
    : setInterval(() => stream.write(`${line()}\n`), QUIET_INTERVAL_MS);
  timer.unref();
  return {
    /** What is happening just now. */
    update(text) {
      detail = text;
    },
    /** Ends the display with a last sentence. */
    end(sentence) {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\x1b[K');
      if (sentence) stream.write(`${sentence} (${elapsed(began)})\n`);
    },
  };
}

function elapsed(since) {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
