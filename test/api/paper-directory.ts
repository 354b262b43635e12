import type { ApiParts } from '#api/parts';
import { hasEndedStatus, judgedAt } from '#domain/entitlement';
import { type SubscriptionView, viewOf } from '#domain/view';
import { InvalidCursor } from '#store/errors';
import type { PaperEngine } from './paper-engine';

/** The lists of the engine on paper. */
export class PaperDirectory implements Paper {
  constructor(private readonly engine: PaperEngine) {}

  async upToDate(kept: SubscriptionView, deadline: number): Promise<SubscriptionView> {
    return this.judged((await this.live(kept.id, deadline)) ?? kept);
  }

  async judged(view: SubscriptionView): Promise<SubscriptionView> {
    return judgedAt(view, Date.now());
  }

  async live(id: string, _deadline?: number): Promise<SubscriptionView | undefined> {
    const state = this.engine.states.get(id);
    return state && viewOf(state, Date.now());
  }

  async page(place: string, limit: number): Promise<{ ids: string[]; next: string | undefined }> {
    const all = [...this.engine.states.keys()];
    const from = Number(place);
    if (!Number.isInteger(from)) throw new InvalidCursor();
    const next = from + limit < all.length ? String(from + limit) : undefined;
    return { ids: all.slice(from, from + limit), next };
  }

  async ofCustomer(customerId: string): Promise<string[] | undefined> {
    const states = [...this.engine.states.values()].filter((s) => s.customerId === customerId);
    if (states.length === 0) return undefined;
    return states.filter((s) => !hasEndedStatus(s.status)).map(({ id }) => id);
  }
}

type Paper = ApiParts['directory'];
