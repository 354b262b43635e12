/**
 * The browser SDK's stand-in, served as /js/steppay-0.7.1.js: a global `Steppay` whose `requestPay(...)` draws an overlay
 * with the payment window in a frame and answers `.success()`, `.error()` or `.cancel()`. The real one answers success with
 * at least `{ idKey }`, error with a reason in words; what cancel gets is not documented, here it is `{}`.
 * The page that loads it needs, in its content security policy, this server for script-src and frame-src; nothing else.
 */
export const SDK_SCRIPT = `(function () {
  'use strict';
  var origin = new URL(document.currentScript.src).origin;
  var REQUIRED = [
    'paymentKey', 'paymentGateway', 'paymentMethod', 'partner.partnerOrderId', 'partner.partnerUserId',
    'product.itemName', 'product.amount', 'product.quantity', 'customer.userName', 'customer.phone', 'customer.email'
  ];

  function at(value, path) {
    return path.split('.').reduce(function (found, name) { return found == null ? undefined : found[name]; }, value);
  }

  function missing(options) {
    return REQUIRED.filter(function (path) { var v = at(options, path); return v === undefined || v === null || v === ''; });
  }

  function overlay() {
    var box = document.createElement('div');
    box.id = '_STEP_window';
    box.setAttribute('role', 'dialog');
    box.setAttribute('aria-modal', 'true');
    box.setAttribute('aria-label', 'StepPay');
    box.style.cssText = 'position:fixed;inset:0;z-index:2147483000;background:rgba(15,23,42,.55);display:flex;align-items:center;justify-content:center';
    var frame = document.createElement('iframe');
    frame.title = 'StepPay payment window';
    frame.src = origin + '/window';
    frame.style.cssText = 'border:0;background:#fff;width:min(100%,26rem);height:min(100%,44rem);border-radius:12px';
    box.appendChild(frame);
    document.body.appendChild(box);
    frame.focus();
    return { box: box, frame: frame };
  }

  function open(options, tell) {
    var shown = overlay();
    function end(kind, value) {
      window.removeEventListener('message', hear);
      shown.box.remove();
      tell(kind, value);
    }
    function hear(event) {
      if (event.origin !== origin || event.source !== shown.frame.contentWindow) return;
      var message;
      try { message = JSON.parse(event.data); } catch (broken) { return; }
      if (message.action === 'ready') {
        var asked = { paymentKey: options.paymentKey, paymentGateway: options.paymentGateway, paymentMethod: options.paymentMethod,
          partner: options.partner, product: options.product };
        shown.frame.contentWindow.postMessage(JSON.stringify({ action: 'request', request: asked }), origin);
      } else if (message.action === 'success') end('success', message.result);
      else if (message.action === 'error') end('error', message.reason);
      else if (message.action === 'close') end('cancel', {});
    }
    window.addEventListener('message', hear);
  }

  function requestPay(options) {
    var heard = {};
    function tell(kind, value) { if (typeof heard[kind] === 'function') heard[kind](value); }
    var chain = {};
    ['success', 'error', 'cancel'].forEach(function (kind) {
      chain[kind] = function (callback) { heard[kind] = callback; return chain; };
    });
    setTimeout(function () {
      var lacking = missing(options || {});
      if (lacking.length > 0) tell('error', 'required: ' + lacking.join(', '));
      else open(options, tell);
    }, 0);
    return chain;
  }

  window.Steppay = { requestPay: requestPay };
})();
`;
