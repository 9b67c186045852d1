/** The floor: the least that a webhook function can do. The secret stands in the environment, nobody is called. */
'use strict';
const { createHmac, timingSafeEqual } = require('node:crypto');

exports.handler = async (event) => {
  const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  const expected = Buffer.from(
    `sha256=${createHmac('sha256', process.env.BENCH_WEBHOOK_SECRET).update(body).digest('hex')}`,
  );
  const given = Buffer.from(event.headers['x-hub-signature-256'] ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { statusCode: 401 };
  JSON.parse(body.toString('utf8'));
  return { statusCode: 202 };
};
