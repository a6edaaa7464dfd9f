/** What a resource can be sent as: a page for people, or data. */
export type Form = 'text/html' | 'application/json';

/**
 * The form that a client prefers (RFC 9110 §12.5.1). A tie, and a client that takes anything, get the first on offer.
 *
 * @example
 * preferredForm('application/json', ['text/html', 'application/json']); // 'application/json'
 */
export function preferredForm(accept: string | undefined, offers: readonly [Form, ...Form[]]): Form {
  const ranges = (accept ?? '*/*').split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    return { type, q: Number.isFinite(q) ? q : 0 };
  });
  const weightOf = (form: Form): number => {
    const [group] = form.split('/');
    // The most specific range decides.
    for (const type of [form, `${group}/*`, '*/*']) {
      const range = ranges.find((one) => one.type === type);
      if (range) return range.q;
    }
    return 0;
  };
  const [first, ...others] = offers;
  return others.reduce((best, form) => (weightOf(form) > weightOf(best) ? form : best), first);
}
