/** A provider webhook to be kept until Temporal has it. */
export interface NewHint {
  /** 18 digits, ours in shape. */
  readonly order: string;
  readonly idKey: string;
  readonly type: string;
  /** 0 signed; unsigned ones by how well their idKey fits, 1 best. */
  readonly rank: number;
  /** Tells senders apart, without saying who they are. */
  readonly source: string;
}

export interface WaitingHint {
  /** Of its row; what `hintForwarded` is told. */
  readonly id: number;
  readonly order: string;
  readonly idKey: string;
  readonly type: string;
  readonly signed: boolean;
  /** How often the order's subscription was looked for in vain. */
  readonly tries: number;
  /** Since when the order has had hints waiting. */
  readonly since: string;
}

/** Webhooks that wait for Temporal, or for their turn. */
export interface InboxStore {
  /**
   * Keeps a hint until it is forwarded; the same (order, idKey, type) folds into the one that waits. `dropped` says that there
   * was no room for it (`HINT_ROOM`) and that others had a better claim; a signed one is never dropped.
   */
  keepHint(hint: NewHint): Promise<'kept' | 'folded' | 'dropped'>;
  /**
   * Lends out the next hint of up to `limit` orders whose time has come, those that wait longest first. Nobody else gets a hint of these
   * orders until the loan ends by one of the three calls below, or by itself after 30 s.
   */
  lendHints(limit: number): Promise<WaitingHint[]>;
  /**
   * Temporal has it: it is forgotten. The next one of the order may follow at once for the first few, then after `paceMs`, in a
   * crowd that goes on after four times that.
   */
  hintForwarded(hint: Pick<WaitingHint, 'id' | 'order'>, paceMs: number): Promise<void>;
  /** Nobody has the order. It is tried again after `retryMs`; null: no more, it stays for a person. */
  hintUnowned(order: string, retryMs: number | null): Promise<void>;
  /** Temporal could not be asked: due again at once. */
  hintsReturned(orders: readonly string[]): Promise<void>;
  /** What a person must look at: hints of orders that nobody has, oldest first. */
  unownedHints(limit: number): Promise<WaitingHint[]>;
}
