import { localDate, localInstant, parseInstant } from '#domain/calendar';
import type { RecoveryView } from '#domain/recovery-view';
import { amountIn, dayIn, timeIn } from './format';
import { Methods } from './methods';
import { Moment, Period } from './moment';
import type { Spoken } from './recover-page';

type Owing = Spoken & { readonly recovery: RecoveryView };

/** A renewal that failed: why, what follows, and the three ways to pay it. */
export function Owed(props: Spoken) {
  const { words, locale, state, planName, view, outcome } = props;
  const { recovery } = view;
  if (!recovery) return null;
  const owing: Owing = { ...props, recovery };
  return (
    <section data-for="owed" hidden={state !== 'owed'}>
      <p class="eyebrow">{planName}</p>
      <h1>{words.owedTitle}</h1>
      <p class="price">
        <strong>{amountIn(locale, recovery.amount)}</strong>
      </p>
      <Said {...owing} outcome={outcome} />
      <p>{whyOf(owing)}</p>
      <Facts {...owing} />
      <p class="message" id="message" role="alert" hidden />
      {recovery.canRetry && <PayNow {...owing} />}
      <Another {...owing} />
      {recovery.move && <OtherDay {...owing} move={recovery.move} />}
    </section>
  );
}

/** What became of what the customer did a moment ago. */
function Said({ words, outcome, view }: Owing) {
  // What could not be asked for was not declined: that it is tried again stands below.
  const isDelayed = view.openInvoice?.waiting != null;
  if (outcome !== 'asked' && outcome !== 'moved' && (outcome !== 'declined' || isDelayed)) return null;
  return (
    <p class="message" role="status">
      {words.said[outcome]}
    </p>
  );
}

/** Why it is not paid, in words for customers: never the gateway's. */
function whyOf({ words, recovery, view }: Owing): string {
  if (recovery.trouble !== null) return words.why[recovery.trouble];
  return view.openInvoice?.waiting ? words.why.waiting : words.why.declined;
}

function Facts({ words, locale, zone, recovery, view }: Owing) {
  const { period, nextTryAt, endsAt, accessUntil } = recovery;
  const moment = (text: string) => <Moment locale={locale} zone={zone} at={parseInstant(text)} />;
  return (
    <dl>
      {period && (
        <>
          <dt>{words.period}</dt>
          <dd>
            <Period locale={locale} zone={zone} {...period} />
          </dd>
        </>
      )}
      <dt>{words.method}</dt>
      <dd>{view.method ? (view.method.label ?? words.methodKnown) : words.methodNone}</dd>
      <dt>{view.entitled.now ? words.accessUntil : words.access}</dt>
      <dd>{view.entitled.now ? moment(accessUntil) : words.accessOver}</dd>
      <dt>{words.nextTry}</dt>
      <dd>{nextTryAt === null ? words.nextTryNone : moment(nextTryAt)}</dd>
      <dt>{words.endsAt}</dt>
      <dd>{moment(endsAt)}</dd>
    </dl>
  );
}

function PayNow({ words, locale, recovery, view }: Owing) {
  const { label = null, debit = false } = view.method ?? {};
  const by = label === null ? words.payNowPlain : words.payNowBy(label);
  return (
    <div class="way">
      <button class="button" data-act="retry" type="button" data-busy={words.paying}>
        {words.payNow(amountIn(locale, recovery.amount))}
      </button>
      <p class="small">{debit ? words.payNowDebit : by}</p>
    </div>
  );
}

function Another(props: Owing) {
  const { words, locale, recovery, view } = props;
  const amount = amountIn(locale, recovery.amount);
  return (
    <div class="way">
      <Methods words={words} legend={words.payBy} methods={props.methods} />
      <button
        class={recovery.canRetry ? 'button second' : 'button'}
        data-act="window"
        type="button"
        data-busy={words.opening}
      >
        {recovery.canRetry ? words.another : words.anotherOnly(amount)}
      </button>
      <p class="small">{words.anotherText(amount)}</p>
      {view.method && <p class="small">{words.formerText}</p>}
    </div>
  );
}

function OtherDay({
  words,
  locale,
  zone,
  recovery,
  view,
  move,
}: Owing & { readonly move: NonNullable<RecoveryView['move']> }) {
  const { from, to, left } = move;
  const day = (date: string) => dayIn(locale, localInstant(date, '12:00', zone), zone);
  const planned = recovery.nextTryAt === null ? from : localDate(parseInstant(recovery.nextTryAt), zone);
  const value = planned < from ? from : planned > to ? to : planned;
  return (
    <form class="way" id="move">
      <h2>{words.otherDay}</h2>
      <label for="day">{words.day}</label>
      <div class="choice">
        <input id="day" type="date" min={from} max={to} value={value} required aria-describedby="days" />
        <button class="button second" type="submit" data-busy={words.moving}>
          {words.move}
        </button>
      </div>
      <p class="small" id="days">
        {words.moveText(day(from), day(to), left)}{' '}
        {view.entitled.now && words.moveAccess(timeIn(locale, parseInstant(recovery.accessUntil), zone))}
      </p>
    </form>
  );
}
