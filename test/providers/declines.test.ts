import { createClassify, declineOf } from '#providers/steppay/declines';

const classify = createClassify();

test.each([
  ['NICE', '3081', 'funds'],
  ['NICE', '3021', 'methodDead'],
  ['NICE', 'A125', 'methodDead'],
  ['NICE_V2', '3013', 'merchantConfig'],
  ['NICE', '4008', 'transient'],
  ['NICE', 'A127', 'alreadyDone'],
  ['NICE', 'X004', 'ambiguous'],
  ['KG', '120049', 'funds'],
  ['KG', '1200GI', 'funds'],
  ['KG', '550997', 'methodDead'],
  ['KG', '120085', 'callIssuer'],
  ['KG', '120040', 'transient'],
  ['KG', '120029', 'merchantConfig'],
  ['KG', '500054', 'ambiguous'],
  ['KAKAO', 'NOT_ENOUGH_BALANCE', 'funds'],
  ['KAKAO', '-751', 'methodDead'],
  ['KAKAO', '-10', 'transient'],
  ['KAKAO', '-732', 'merchantConfig'],
  ['KAKAO', '-702', 'alreadyDone'],
  ['KAKAO', 'BANK_FIRM_UNKNOWN', 'ambiguous'],
  ['TOSS', '15', 'funds'],
  ['TOSS', 'A7', 'methodDead'],
  ['TOSS', '38', 'callIssuer'],
  ['TOSS', 'FDS_ERROR', 'callIssuer'],
  ['TOSS', '3001', 'transient'],
  ['TOSS', 'UNAUTHORIZED_KEY', 'merchantConfig'],
  ['TOSS', 'A016', 'alreadyDone'],
  ['TOSS', 'F2', 'ambiguous'],
])('%s %s is %s', (gateway, code, expected) => {
  expect(classify({ gateway, code, message: '' })).toBe(expected);
});

test.each([
  ['가맹점한도초과', 'merchantConfig'],
  ['이용 한도 초과', 'funds'],
  ['잔액이 부족합니다', 'funds'],
  ['1일 사용횟수초과', 'funds'],
  ['비밀번호 오류횟수초과', 'callIssuer'],
  ['카드사 전화요망', 'callIssuer'],
  ['분실 신고된 카드', 'methodDead'],
  ['유효기간을 확인하세요', 'methodDead'],
  ['통신장애', 'transient'],
  ['잠시 후 다시 시도하세요', 'transient'],
  ['time-out', 'transient'],
  ['응답없음', 'ambiguous'],
  ['중복된 주문', 'alreadyDone'],
  ['Whatever this means', 'funds'],
  ['', 'funds'],
])('an unknown code with the message "%s" is %s', (message, expected) => {
  expect(classify({ gateway: 'NICE', code: 'ZZ99', message })).toBe(expected);
  expect(classify({ code: 'ZZ99', message })).toBe(expected);
});

test('the card company’s collective code is decided by its message', () => {
  expect(classify({ gateway: 'NICE', code: '3095', message: '한도초과' })).toBe('funds');
  expect(classify({ gateway: 'NICE', code: '3095', message: '거절' })).toBe('callIssuer');
});

test('without the gateway’s name a telling code counts, a short one does not, and doubt wins', () => {
  expect(classify({ code: 'INVALID_CARD_EXPIRATION', message: '' })).toBe('methodDead');
  expect(classify({ code: '-750', message: '' })).toBe('methodDead');
  expect(classify({ code: '1', message: '' })).toBe('funds');
  expect(classify({ code: 'F2', message: '' })).toBe('ambiguous');
});

test('another gateway’s codes mean nothing of ours', () => {
  expect(classify({ gateway: 'DANAL', code: '1', message: '' })).toBe('funds');
  expect(classify({ gateway: 'DANAL', code: 'X003', message: '' })).toBe('funds');
});

test('names of the language are no codes and no gateways', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect(classify({ gateway: name, code: name, message: name })).toBe('funds');
    expect(classify({ code: name, message: '' })).toBe('funds');
  }
});

test('a decline is cut to 200 characters and has a code', () => {
  const decline = declineOf(classify, { code: '', message: '가'.repeat(500) });
  expect(decline).toEqual({ class: 'funds', code: 'unknown', message: '가'.repeat(200) });
  expect(declineOf(classify, { gateway: 'NICE', code: 'X003', message: '' })).toBeUndefined();
});

describe('a table of one’s own', () => {
  const own = createClassify({
    gateways: { NICE: { transient: ['3081'], methodDead: ['Q1..Q3'] }, DANAL: { funds: ['-1'] } },
    words: [{ class: 'transient', words: ['한도'] }],
  });

  test('replaces the class of a code, adds codes and gateways, and its words come first', () => {
    expect(own({ gateway: 'NICE', code: '3081', message: '' })).toBe('transient');
    expect(own({ gateway: 'NICE', code: 'Q2', message: '' })).toBe('methodDead');
    expect(own({ gateway: 'DANAL', code: '-1', message: '' })).toBe('funds');
    expect(own({ code: 'ZZ99', message: '가맹점한도초과' })).toBe('transient');
  });

  test('leaves the rest as it is', () => {
    expect(own({ gateway: 'NICE', code: '3021', message: '' })).toBe('methodDead');
    expect(own({ gateway: 'KG', code: '120029', message: '' })).toBe('merchantConfig');
  });

  test.each([
    [{ gateways: { NICE: { broke: ['1'] } } }, /gateways\.NICE/],
    [{ gateways: { NICE: { funds: '3081' } } }, /gateways\.NICE\.funds/],
    [{ gateways: { NICE: { funds: ['A9..A1'] } } }, /A9\.\.A1 is not a range/],
    [{ words: [{ class: 'nope', words: ['x'] }] }, /words\.0\.class/],
    [{ gateway: {} }, /the table/],
    ['not a table', /the table/],
  ])('%j is refused by its path', (table, path) => {
    expect(() => createClassify(table)).toThrow(TypeError);
    expect(() => createClassify(table)).toThrow(path);
  });
});
