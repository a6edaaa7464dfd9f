/** Injection tokens of what is not a class of ours. */
export const CONFIG = Symbol('config');
export const CLOCK = Symbol('clock');
export const IDS = Symbol('ids');
export const DATABASE = Symbol('database');
export const LOGGER = Symbol('logger');
export const METRICS = Symbol('metrics');
export const JOBS = Symbol('jobs');
export const HTTP = Symbol('http');
