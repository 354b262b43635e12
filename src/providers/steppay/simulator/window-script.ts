/**
 * The script inside the payment window: says `ready` to the page that opened it, gets the request, opens the payment, and
 * tells the opener how it ended. What it shows is set as text, never as markup.
 */
export const WINDOW_SCRIPT = `(function () {
  'use strict';
  var opener = window.parent;
  var openerOrigin = null;
  var idKey = null;
  var busy = false;

  function find(id) { return document.getElementById(id); }
  function say(text) { find('status').textContent = text; }
  function post(message, origin) { opener.postMessage(JSON.stringify(message), origin || openerOrigin); }

  function ask(path, body) {
    return fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      .then(function (response) {
        return response.json().then(function (answer) {
          if (!response.ok) throw new Error(answer.errorMessage || 'error');
          return answer;
        });
      });
  }

  function begin(request) {
    ask('/window/payments', request).then(function (payment) {
      idKey = payment.idKey;
      find('item').textContent = payment.itemName;
      find('amount').textContent = payment.amount.toLocaleString('ko-KR') + '원';
      find('order').textContent = payment.order;
      find('method').textContent = payment.method;
      find('pay').disabled = false;
      find('decline').disabled = false;
      say('');
    }, function (error) { post({ action: 'error', reason: error.message }); });
  }

  function finish(decline) {
    if (!idKey || busy) return;
    busy = true;
    say('처리하고 있습니다 · One moment');
    var card = find('card').value;
    ask('/window/payments/' + encodeURIComponent(idKey) + '/pay', { card: card, decline: decline }).then(function (answer) {
      if (answer.outcome === 'success') post({ action: 'success', result: answer.result });
      else post({ action: 'error', reason: answer.reason });
    }, function (error) { busy = false; say(error.message); });
  }

  function close() {
    if (busy) return;
    busy = true;
    var closed = idKey ? ask('/window/payments/' + encodeURIComponent(idKey) + '/close', {}) : Promise.resolve();
    closed.catch(function () {}).then(function () { post({ action: 'close' }, openerOrigin || '*'); });
  }

  window.addEventListener('message', function (event) {
    if (event.source !== opener || openerOrigin) return;
    var message;
    try { message = JSON.parse(event.data); } catch (broken) { return; }
    if (message.action !== 'request') return;
    openerOrigin = event.origin;
    begin(message.request);
  });
  find('pay').addEventListener('click', function () { finish(false); });
  find('decline').addEventListener('click', function () { finish(true); });
  find('close').addEventListener('click', close);
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape') close(); });
  // Nobody's secret: the opener answers with its request, and only to this frame.
  post({ action: 'ready' }, '*');
})();
`;
