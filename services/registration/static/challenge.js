/* The proof of work that a form asks for while the site is under attack: finds a text after which the SHA-256 of
   "<challenge>:<text>" begins with so many zero bits, and sends the form. Without it, the page says how long to wait.
   SHA-256 by hand (FIPS 180-4): crypto.subtle is missing over plain HTTP, and each call of it is a promise. */
(function () {
  "use strict";
  var form = document.getElementById("again");
  if (!form || !form.dataset) { return; }
  var K = constants(), W = new Int32Array(64), SLICE = 40;

  function constants() {
    var found = [], candidate = 2;
    while (found.length < 64) {
      var prime = true;
      for (var factor = 2; factor * factor <= candidate; factor++) { if (candidate % factor === 0) { prime = false; break; } }
      if (prime) { found.push((Math.pow(candidate, 1 / 3) % 1) * 4294967296 | 0); }
      candidate++;
    }
    return found;
  }

  function compress(state, bytes, at) {
    var i, x, y, t1, t2;
    for (i = 0; i < 16; i++, at += 4) { W[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]; }
    for (; i < 64; i++) {
      x = W[i - 15]; y = W[i - 2];
      W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 64; i++) {
      t1 = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      t2 = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    state[0] = state[0] + a | 0; state[1] = state[1] + b | 0; state[2] = state[2] + c | 0; state[3] = state[3] + d | 0;
    state[4] = state[4] + e | 0; state[5] = state[5] + f | 0; state[6] = state[6] + g | 0; state[7] = state[7] + h | 0;
  }

  /* The first 32 bits of the hash: no challenge asks for more. */
  function beginning(text) {
    var length = text.length, bytes = new Uint8Array((length + 72 >> 6) << 6), i;
    for (i = 0; i < length; i++) { bytes[i] = text.charCodeAt(i); }
    bytes[length] = 128;
    bytes[bytes.length - 2] = length >>> 5; bytes[bytes.length - 1] = length << 3;
    var state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    for (i = 0; i < bytes.length; i += 64) { compress(state, bytes, i); }
    return state[0] >>> 0;
  }

  function show(id, visible) { document.getElementById(id).hidden = !visible; }

  var challenge = form.dataset.challenge, limit = Math.pow(2, 32 - Number(form.dataset.bits)), answer = 0;
  show("waiting", false); show("working", true);
  form.querySelector("button").hidden = true;

  (function work() {
    for (var until = Date.now() + SLICE; Date.now() < until;) {
      for (var i = 0; i < 200; i++, answer++) {
        if (beginning(challenge + ":" + answer) < limit) {
          form.elements["reponse-defi"].value = String(answer);
          show("working", false); show("worked", true);
          form.submit();
          return;
        }
      }
    }
    setTimeout(work, 0);
  })();
})();
