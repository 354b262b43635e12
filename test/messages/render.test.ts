import { localInstant, parseInstant } from '#domain/calendar';
import { MESSAGE_KINDS, type Message } from '#domain/message';
import { won } from '#domain/money';
import { renderMessage, templateOf } from '#messages/render';
import { SAMPLES } from '#messages/samples';

const about = {
  locale: 'ko',
  zone: 'Asia/Seoul',
  planName: '월간 멤버십',
  merchant: '우리 가게',
  link: 'https://shop.example/recover/token',
  isTest: false,
  customerName: '김민지',
} as const;
const english = {
  ...about,
  locale: 'en',
  planName: 'Monthly',
  merchant: 'Our shop',
  customerName: 'Minji',
} as const;

test('there is a sample of every kind', () => {
  expect(new Set(SAMPLES.map(({ kind }) => kind))).toEqual(new Set(MESSAGE_KINDS));
});

test.each(SAMPLES.map((message) => [templateOf(message), message] as const))(
  '%s reads well in both languages',
  (_name, message) => {
    for (const each of [about, english]) {
      const { subject, text, html, short } = renderMessage(message, each);
      for (const written of [subject, text, html, short]) {
        expect(written).not.toMatch(/undefined|NaN|null|\[object|\$\{|Invalid Date/);
        expect(written.trim()).not.toBe('');
      }
      expect(subject).not.toMatch(/[\r\n]/);
      expect(text).toContain(each.customerName);
      // A long Korean text message takes 2,000 bytes of EUC-KR: two for each Korean character.
      expect(short.length * 2).toBeLessThan(2_000);
    }
  },
);

test('a receipt shows supply and VAT: 9,900 = 9,000 + 900', () => {
  const { text, html } = renderMessage({ kind: 'receipt', amount: won(9_900), taxFree: won(0) }, about);
  for (const part of ['금액: 9,900원', '공급가액: 9,000원', '부가세: 900원']) expect(text).toContain(part);
  expect(html).toContain('9,000원');
  expect(text).not.toContain('면세');
});

test('the part that is free of VAT is shown: 10,000 with 4,500 free = 4,500 + 5,000 + 500', () => {
  // Taxable 5,500: VAT 500, the supply is what is left of the whole.
  const { text } = renderMessage({ kind: 'receipt', amount: won(10_000), taxFree: won(4_500) }, english);
  for (const part of ['Amount: ₩10,000', 'Net of VAT: ₩5,000', 'VAT: ₩500', 'Free of VAT: ₩4,500'])
    expect(text).toContain(part);
});

test('days are Seoul days: 23:30 UTC is the next morning', () => {
  const { text } = renderMessage(
    { kind: 'renewal_due', amount: won(9_900), dueAt: parseInstant('2027-03-30T23:30:00Z') },
    about,
  );
  expect(text).toContain('2027년 3월 31일 (수)');
});

test('a period is shown with its last whole day', () => {
  const period = {
    start: localInstant('2027-02-28', '09:00', 'Asia/Seoul'),
    end: localInstant('2027-03-31', '09:00', 'Asia/Seoul'),
  };
  const { text } = renderMessage({ kind: 'receipt', amount: won(9_900), period }, english);
  expect(text).toContain('Period: Sun, February 28, 2027 – Tue, March 30, 2027');
});

test('names are only names: no markup, no second line of a head', () => {
  const rude = {
    ...english,
    planName: '<b>A&B</b>\r\nBcc: x@example.com',
    customerName: '<script>alert(1)</script>',
  };
  const { subject, html, text } = renderMessage(
    { kind: 'ended', because: 'requested' },
    { ...rude, merchant: 'Shop\nX: y' },
  );
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('<b>');
  expect(html).toContain('&lt;script>');
  expect(text).toContain('<b>A&B</b> Bcc: x@example.com');
});

test('the link is in the button, in the text and in the short form, and nowhere without one', () => {
  const failed: Message = { kind: 'payment_failed', tone: 'first', amount: won(9_900) };
  const { html, text, short } = renderMessage(failed, about);
  for (const written of [html, text, short]) expect(written).toContain(about.link);
  const { html: without } = renderMessage(failed, { ...about, link: undefined });
  expect(without).not.toContain('href');
  // A receipt needs nothing done.
  expect(renderMessage({ kind: 'receipt', amount: won(9_900) }, about).html).not.toContain(about.link);
});

test('test mode is marked', () => {
  expect(renderMessage({ kind: 'ended' }, { ...about, isTest: true }).subject).toMatch(/^\[테스트\] /);
  expect(renderMessage({ kind: 'ended' }, english).subject).not.toMatch(/test/i);
});

test('an Alimtalk sender gets a stable template and every value by name', () => {
  const message: Message = {
    kind: 'method_needed',
    tone: 'reminder',
    trouble: 'methodDead',
    amount: won(9_900),
  };
  const { template, variables } = renderMessage(message, about);
  expect(template).toBe('method_needed.reminder.methodDead');
  expect(variables).toEqual({
    plan: '월간 멤버십',
    merchant: '우리 가게',
    customer: '김민지',
    amount: '9,900원',
    link: about.link,
  });
});

test('a failed payment blames nobody beyond what is known', () => {
  const { text } = renderMessage({ kind: 'payment_failed', tone: 'first', amount: won(9_900) }, english);
  expect(text).not.toMatch(/refus|declin|insufficient/i);
});
