import { exportFormats } from '@hansa/fair';
import { z } from 'zod';

/** A form in which an entry can be taken elsewhere. */
export const FormatInput = z.enum(exportFormats, { error: `must be one of ${exportFormats.join(', ')}` });
export type FormatInput = z.infer<typeof FormatInput>;
