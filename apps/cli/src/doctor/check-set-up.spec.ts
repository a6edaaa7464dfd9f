import { describe, expect, test } from '@jest/globals';
import { connectorMain } from '../connector.js';
import { readCheck } from './check-set-up.js';

describe('the check of a set-up', () => {
  test('is read line by line, and other lines are passed over', () => {
    const configured = {
      city: 'berlin',
      publicUrl: 'https://b.example',
      address: 'http://127.0.0.1:1',
      dataDirectory: '/d',
    };
    const hinted = { check: 'database', status: 'fail', detail: 'No server answers.', hint: 'Start PostgreSQL.' };
    const lines = [
      JSON.stringify({ configured }),
      '{"check":"node","status":"ok","detail":"20.20"}',
      JSON.stringify(hinted),
      'warning',
      '[1]',
      '{"check":1}',
      '{"check":"x","status":"perhaps"}',
      '',
    ];
    expect(readCheck(lines.join('\n'))).toEqual({
      configured,
      findings: [{ check: 'node', status: 'ok', detail: '20.20' }, hinted],
    });
  });

  test('of a configuration that cannot be used names no node', () => {
    expect(readCheck('{"check":"configuration","status":"fail","detail":"no"}').configured).toBeNull();
    expect(readCheck('{"configured":{"city":"berlin"}}').configured).toBeNull();
  });

  test('needs a build', () => {
    expect(connectorMain('/nowhere')).toMatchObject({ ok: false, problem: { kind: 'cli.not-built' } });
  });
});
