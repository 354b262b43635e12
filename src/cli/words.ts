/** A point in time as people here read it: the local time of the billing calendar's default zone. */
export function when(time: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(time));
}

/** A count with its word: "1 order", "2 orders". */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

export const SUBSCRIPTION = /^sub_[1-9]\d{12}$/;
