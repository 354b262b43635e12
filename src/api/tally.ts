import type { Family, Sample } from './exposition';

interface Answered {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string };
  count: number;
  seconds: number;
}

/** What was answered since this process started: by pattern of the address, never by the address itself, which may hold a secret. */
export class Tally {
  readonly #answered = new Map<string, Answered>();

  note(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${route} ${status}`;
    let answered = this.#answered.get(key);
    if (!answered) {
      answered = { labels: { method, route, status: String(status) }, count: 0, seconds: 0 };
      this.#answered.set(key, answered);
    }
    answered.count += 1;
    answered.seconds += seconds;
  }

  family(): Family {
    const samples = [...this.#answered.values()].flatMap(({ labels, count, seconds }): Sample[] => [
      { suffix: '_sum', labels, value: seconds },
      { suffix: '_count', labels, value: count },
    ]);
    const help = 'Requests answered by this process, and the time that took.';
    return { name: 'perennial_http_request_seconds', help, type: 'summary', samples };
  }
}
