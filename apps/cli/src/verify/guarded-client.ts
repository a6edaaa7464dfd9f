/**
 * A module of its own, so that verification can load it late: it brings the whole platform with it, and only what is
 * fetched needs it.
 */
export { createGuardedClient } from '@hansa/platform';
