import type { Clock, Ids } from '../ports.js';

/** A clock that stands still until it is moved. */
export class FixedClock implements Clock {
  constructor(private time: Date) {}

  now(): Date {
    return new Date(this.time);
  }

  advance(milliseconds: number): void {
    this.time = new Date(this.time.getTime() + milliseconds);
  }
}

/** Ids in order: `urn:test:1`, `urn:test:2`, … */
export class CountingIds implements Ids {
  private count = 0;

  constructor(private readonly prefix = 'urn:test:') {}

  next(): string {
    return `${this.prefix}${++this.count}`;
  }
}
