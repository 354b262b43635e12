import { localDate, parseInstant } from '#domain/calendar';
import { type Plan, planNameIn } from '#domain/plan';
import type { SubscriptionView } from '#domain/view';
import { amountIn, everyIn } from './format';
import { Page } from './layout';

/** An event of a demo subscription, as the timeline has it. */
export interface DemoLine {
  readonly at: string;
  readonly summary: { readonly what: string; readonly amount: string | null } | null;
}

export interface IndexProps {
  readonly plans: readonly Plan[];
  readonly publicUrl: string;
  readonly temporalUiUrl?: string;
  /** Our stand-in for the provider, where it runs. */
  readonly simulatorUrl?: string;
  readonly zone: string;
  /** False where the demo would charge a real provider. */
  readonly hasDemo: boolean;
  /** The demo subscription that was just paid. */
  readonly demo?: { readonly view: SubscriptionView; readonly lines: readonly DemoLine[] };
}

/** The first page of the test mode: where things are, and a demo to click through. */
export function IndexPage(props: IndexProps) {
  const { plans, publicUrl, temporalUiUrl, simulatorUrl, hasDemo, demo, zone } = props;
  return (
    <Page locale="en" title="Perennial" isTest>
      <main class="card wide">
        <h1>Perennial</h1>
        <p>A subscription engine: one Temporal workflow for each subscription.</p>
        {demo && <Demo {...demo} zone={zone} />}
        {hasDemo && (
          <>
            <h2>{demo ? 'Once more' : 'Try the demo checkout'}</h2>
            <p>Pay like a customer would; then let the months pass and look at what happened.</p>
            <form class="choice" method="post" action="/demo/checkouts">
              <select name="planId" aria-label="Plan">
                {plans.map((plan) => (
                  <option key={plan.id} value={plan.id}>
                    {planNameIn(plan, 'en')}: {amountIn('en', plan.price)} {everyIn('en', plan.interval)}
                    {plan.trialDays > 0 && `, ${plan.trialDays} days free`}
                  </option>
                ))}
              </select>
              <button class="button" type="submit">
                Open the checkout
              </button>
            </form>
          </>
        )}
        <h2>Where things are</h2>
        <ul>
          {temporalUiUrl !== undefined && (
            <li>
              <a href={temporalUiUrl}>Temporal UI</a>: every subscription as a workflow
            </li>
          )}
          {simulatorUrl !== undefined && (
            <li>
              <a href={simulatorUrl}>StepPay simulator</a>: the payments, and faults to order
            </li>
          )}
          {hasDemo && (
            <li>
              <a href="/messages">Messages</a>: what customers were told
            </li>
          )}
          <li>
            <a href="/readyz">/readyz</a>: whether everything answers
          </li>
        </ul>
        <h2>The API</h2>
        <p>
          All of it is at <a href="/docs">/docs</a>. With the test API key that was printed at the start:
        </p>
        <pre>{`curl ${publicUrl}/v1/subscriptions -H 'Authorization: Bearer <test API key>'`}</pre>
      </main>
    </Page>
  );
}

function Demo({ view, lines, zone }: { zone: string } & NonNullable<IndexProps['demo']>) {
  const { id, status, currentPeriod, endedAt } = view;
  return (
    <>
      <h2>
        {id} is {status}
        {currentPeriod && endedAt === null && ` until ${localDate(parseInstant(currentPeriod.end), zone)}`}
      </h2>
      <table>
        {lines.map(
          ({ at, summary }) =>
            summary && (
              <tr key={at}>
                <td>{localDate(parseInstant(at), zone)}</td>
                <td>{summary.what}</td>
                <td>{summary.amount}</td>
              </tr>
            ),
        )}
      </table>
      {endedAt === null && (
        <form class="choice" method="post" action={`/demo/subscriptions/${id}/month`}>
          <button class="button" type="submit">
            Let a month pass
          </button>
        </form>
      )}
    </>
  );
}
