import type { Instant } from '#domain/calendar';
import type { DepositAccount } from '#domain/payment';
import type { FirstMethod, Plan } from '#domain/plan';
import type { Locale } from '#src/plans';
import { CHECKOUT_SCRIPT } from './assets';
import { amountIn, dayIn, everyIn, timeIn } from './format';
import { Page } from './layout';
import { Methods } from './methods';
import type { CheckoutState } from './state';
import type { Terms } from './terms';
import { WORDS, type Words } from './words';

export interface CheckoutProps {
  readonly locale: Locale;
  readonly isTest: boolean;
  readonly state: Exclude<CheckoutState, 'ended' | 'expired'>;
  /** `/checkout/<token>`; the page's script speaks to addresses below it. */
  readonly path: string;
  readonly sdkUrl: string;
  readonly plan: Plan;
  readonly planName: string;
  readonly terms: Terms;
  readonly zone: string;
  readonly expiresAt: Instant | undefined;
  readonly methods: readonly FirstMethod[];
  /** The virtual account that waits for the payment. */
  readonly deposit?: DepositAccount & { readonly until: Instant };
  /** Where the customer goes on to once it is paid. */
  readonly successUrl?: string;
  readonly cancelUrl?: string;
}

/** The page on which a customer makes the first payment. All its states are in it; its script shows the one that holds. */
export function CheckoutPage(props: CheckoutProps) {
  const { locale, state, path, sdkUrl, successUrl } = props;
  const words = WORDS[locale];
  const { cancelled, declined, failed, noSdk, checkingLong } = words;
  return (
    <Page
      locale={locale}
      title={`${words.checkout} – ${props.planName}`}
      isTest={props.isTest}
      otherLanguage={`${path}?lang=${locale === 'ko' ? 'en' : 'ko'}`}
      scripts={[
        { src: sdkUrl, module: false },
        { src: CHECKOUT_SCRIPT.path, module: true },
      ]}
    >
      <main
        class="card"
        id="checkout"
        data-state={state}
        data-path={path}
        data-next={successUrl}
        data-words={JSON.stringify({ cancelled, declined, failed, noSdk, checkingLong })}
      >
        <noscript>
          <p class="message">{words.noScript}</p>
        </noscript>
        <Open {...props} words={words} />
        <Deposit {...props} words={words} />
        <section class="state" data-for="checking" hidden={state !== 'checking'} aria-live="polite">
          <p class="spinner" aria-hidden="true" />
          <h1>{words.checkingTitle}</h1>
          <p>{words.checkingText}</p>
          <p class="small" id="long" />
        </section>
        <section class="state" data-for="paid" hidden={state !== 'paid'} aria-live="polite">
          <p class="mark" aria-hidden="true">
            ✓
          </p>
          <h1>{words.paidTitle}</h1>
          <p>{props.terms.today.amount === 0 ? words.trialText : words.paidText}</p>
          {successUrl !== undefined && (
            <a class="button" id="next" href={successUrl}>
              {words.continue}
            </a>
          )}
        </section>
      </main>
    </Page>
  );
}

/** Where to pay a deposit to, and until when. Its account is in the page only when the page was asked for while it waits. */
function Deposit({ words, locale, state, deposit, terms, zone }: CheckoutProps & { words: Words }) {
  return (
    <section class="state" data-for="deposit" hidden={state !== 'deposit'} aria-live="polite">
      <h1>{words.depositTitle}</h1>
      {deposit === undefined ? (
        <p>{words.depositAway}</p>
      ) : (
        <dl id="account">
          <dt>{words.bank}</dt>
          <dd>{deposit.bank}</dd>
          <dt>{words.accountNumber}</dt>
          <dd>{deposit.number}</dd>
          <dt>{words.holder}</dt>
          <dd>{deposit.holder}</dd>
          <dt>{words.amount}</dt>
          <dd>{amountIn(locale, terms.today)}</dd>
          <dt>{words.depositUntil}</dt>
          <dd>{timeIn(locale, deposit.until, zone)}</dd>
        </dl>
      )}
      <p class="small">{words.depositText}</p>
    </section>
  );
}

/** What it costs, when, and the button. */
function Open(props: CheckoutProps & { words: Words }) {
  const { words, locale, state, plan, planName, terms, zone, expiresAt, cancelUrl } = props;
  const price = amountIn(locale, plan.price);
  const every = everyIn(locale, plan.interval);
  const nextDay = dayIn(locale, terms.nextAt, zone);
  const isFree = terms.today.amount === 0;
  const isFreePlan = plan.price.amount === 0;
  return (
    <section data-for="open" hidden={state !== 'open'}>
      <p class="eyebrow">{words.plan}</p>
      <h1>{planName}</h1>
      <p class="price">
        <strong>{price}</strong> <span>{every}</span>
        {terms.trialDays > 0 && <span class="tag">{words.trial(terms.trialDays)}</span>}
      </p>
      <dl>
        <dt>{words.today}</dt>
        <dd>{amountIn(locale, terms.today)}</dd>
        {!isFreePlan && <NextCharge {...props} nextDay={nextDay} />}
      </dl>
      <p class="terms">{termsText(words, terms, { nextDay, price, every, isFreePlan })}</p>
      {terms.trialDays > 0 && <p class="terms">{words.untilFirstCharge}</p>}
      <Methods words={words} legend={words.payBy} methods={props.methods}>
        {props.methods.includes('deposit') && <p class="small">{words.depositTerms}</p>}
      </Methods>
      <p class="message" id="message" role="alert" hidden />
      <button class="button" id="pay" type="button" data-busy={words.opening}>
        {isFree ? words.register : words.pay(amountIn(locale, terms.today))}
      </button>
      <p class="small">
        {words.agree}
        {expiresAt !== undefined && ` ${words.openUntil(timeIn(locale, expiresAt, zone))}`}
      </p>
      {cancelUrl !== undefined && (
        <a class="button plain" href={cancelUrl}>
          {words.back}
        </a>
      )}
    </section>
  );
}

function NextCharge({ words, locale, terms, nextDay }: CheckoutProps & { words: Words; nextDay: string }) {
  return (
    <>
      <dt>{terms.trialDays > 0 ? words.firstCharge : words.nextCharge}</dt>
      <dd>
        {nextDay}
        <br />
        {amountIn(locale, terms.next)}
        {terms.vat.amount > 0 && <span class="small"> {words.vat}</span>}
      </dd>
    </>
  );
}

function termsText(
  words: Words,
  { trialDays }: Terms,
  said: { nextDay: string; price: string; every: string; isFreePlan: boolean },
): string {
  const { nextDay, price, every, isFreePlan } = said;
  if (isFreePlan) return words.freeTerms;
  return trialDays > 0
    ? words.trialTerms(trialDays, nextDay, price, every)
    : words.paidTerms(nextDay, price, every);
}
