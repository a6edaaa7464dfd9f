import { z } from 'zod';

const Sums = z.array(z.number().min(0)).length(16);

/** The form of the moments of clusters in counts. */
export const ClusterMomentsDocument = z
  .strictObject({
    patterns: Sums.describe('Clusters by the cells in which they have rows: at 1 tn, 2 fp, 4 fn, 8 tp, else their sum'),
    products: Sums.describe('Sums over clusters of the product of two cells of tn, fp, fn, tp: a 4 × 4 table by rows'),
    shared: z
      .record(z.string(), Sums)
      .optional()
      .describe('The same of a cell of this group and one of another, by the attributes of the other'),
  })
  .describe('How rows lie together in clusters, as far as variances need it');

/** The form of what a rate says of clusters. */
export const ClusteredShareDocument = z
  .strictObject({
    clusters: z.number().min(0),
    effective: z.number().min(0).describe('Unrelated rows that would tell as much'),
    designEffect: z.number().min(0).nullable().describe('The variance over that of unrelated rows'),
  })
  .describe('Where rows belong to clusters');
