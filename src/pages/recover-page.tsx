import { parseInstant } from '#domain/calendar';
import type { FirstMethod } from '#domain/plan';
import type { SubscriptionView } from '#domain/view';
import type { Locale } from '#src/plans';
import { RECOVER_SCRIPT } from './assets';
import { amountIn, everyIn } from './format';
import { Page } from './layout';
import { Methods } from './methods';
import { Day, Moment } from './moment';
import { nextCharge } from './recover';
import { Owed } from './recover-owed';
import type { Outcome, RecoverState } from './recover-state';
import { WORDS, type Words } from './words';
import { RECOVER_WORDS, type RecoverWords } from './words-recover';

export interface RecoverProps {
  readonly locale: Locale;
  readonly isTest: boolean;
  readonly state: Exclude<RecoverState, 'notStarted' | 'over'>;
  /** `/recover/<token>`; the page's script speaks to addresses below it. */
  readonly path: string;
  readonly sdkUrl: string;
  readonly view: SubscriptionView;
  readonly planName: string;
  readonly zone: string;
  readonly methods: readonly FirstMethod[];
  /** What became of the act before. */
  readonly outcome?: Outcome;
}

export type Spoken = RecoverProps & { readonly words: Words & RecoverWords };

/** The page of a customer's link: what is owed and the three ways to pay it, or another payment method where nothing is. */
export function RecoverPage(props: RecoverProps) {
  const { locale, state, path, sdkUrl, view } = props;
  const words = { ...WORDS[locale], ...RECOVER_WORDS[locale] };
  const spoken: Spoken = { ...props, words };
  const isOwed = view.recovery !== null;
  const { cancelled, failed, noSdk, checkingLong, refusals } = words;
  const windowDeclined = isOwed ? words.windowDeclined : words.said.notChanged;
  return (
    <Page
      locale={locale}
      title={`${isOwed ? words.title : words.liveTitle} – ${props.planName}`}
      isTest={props.isTest}
      otherLanguage={`${path}?lang=${locale === 'ko' ? 'en' : 'ko'}`}
      scripts={[
        { src: sdkUrl, module: false },
        { src: RECOVER_SCRIPT.path, module: true },
      ]}
    >
      <main
        class="card"
        id="recover"
        data-state={state}
        data-path={path}
        data-invoice={view.recovery?.invoiceId}
        data-since={view.method?.since ?? undefined}
        data-words={JSON.stringify({ cancelled, windowDeclined, failed, noSdk, checkingLong, refusals })}
      >
        <noscript>
          <style>{'.way, .button { display: none }'}</style>
          <p class="message">{words.noScript}</p>
        </noscript>
        {isOwed ? <Owed {...spoken} /> : <Live {...spoken} />}
        <section class="state" data-for="checking" hidden={state !== 'checking'} aria-live="polite">
          <p class="spinner" aria-hidden="true" />
          <h1>{words.checkingTitle}</h1>
          <p>{words.checkingText}</p>
          {view.unsettled.some(({ status }) => status === 'pending') && <p>{words.pendingText}</p>}
          <p class="small" id="long" />
        </section>
      </main>
    </Page>
  );
}

/** Nothing is owed: when it is charged next, to what, and how to change that. */
function Live(props: Spoken) {
  const { words, state, planName, view, outcome } = props;
  const title = { paid: words.paidTitle, method: words.changedTitle }[String(outcome)] ?? words.liveTitle;
  const text = { paid: words.paidText, method: words.changedText }[String(outcome)] ?? words.liveText;
  const isDone = outcome === 'paid' || outcome === 'method';
  return (
    <section data-for="live registering" hidden={state === 'checking'}>
      <div class={isDone ? 'done' : undefined}>
        {isDone && (
          <p class="mark" aria-hidden="true">
            ✓
          </p>
        )}
        <p class="eyebrow">{planName}</p>
        <h1>{title}</h1>
        <p>{text}</p>
      </div>
      <Facts {...props} />
      <p class="message" data-for="registering" role="status" hidden={state !== 'registering'}>
        {words.registeringText}
      </p>
      <p class="message" id="message" role="alert" hidden={outcome !== 'notChanged'}>
        {outcome === 'notChanged' && words.said.notChanged}
      </p>
      <div class="way">
        <Methods words={words} legend={words.payBy} methods={props.methods} />
        <button
          class={isDone ? 'button second' : 'button'}
          data-act="window"
          type="button"
          data-busy={words.opening}
        >
          {words.change}
        </button>
        <p class="small">{words.changeText}</p>
        {view.method && <p class="small">{words.formerText}</p>}
      </div>
    </section>
  );
}

function Facts({ words, locale, zone, view }: Spoken) {
  const next = nextCharge(view);
  const { method, cancelAt } = view;
  return (
    <>
      <dl>
        {next && (
          <>
            <dt>{words.nextCharge}</dt>
            <dd>
              <Day locale={locale} zone={zone} at={next.at} />
              <br />
              {amountIn(locale, next.amount)} <span class="small">{everyIn(locale, view.plan.interval)}</span>
            </dd>
          </>
        )}
        {cancelAt !== null && (
          <>
            <dt>{words.endsAt}</dt>
            <dd>
              <Moment locale={locale} zone={zone} at={parseInstant(cancelAt)} />
            </dd>
          </>
        )}
        <dt>{words.method}</dt>
        <dd id="method">{method ? (method.label ?? words.methodKnown) : words.methodNone}</dd>
      </dl>
      {cancelAt !== null && !next && <p class="terms">{words.cancelText}</p>}
    </>
  );
}
