/* The loops in which a long document spends its time, for `aligner.compiled`.

   Plain C11 without Python's headers: arrays in, arrays out, nothing kept from call to call. Arrays are laid out
   as numpy's are, in rows; lattices and rectangles are padded to the size of the largest, and what lies beyond
   their own size is left as it was. Every function has a twin in numpy, which tests hold it against; what it
   computes is said there. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef int64_t index;

enum { DONE = 0, NO_MEMORY = -1 };

/* A sparse matrix as in `evidence.sparse`: of counts, or a translation table. */
typedef struct {
    const index *indptr, *indices;
    const float *data;
    index columns;
} counts;

typedef struct {
    const index *indptr, *indices;
    const double *data;
    index columns;
} table;

/* Neighbouring segments of one side, one stretch a rectangle, as in `evidence.rectangles`. */
typedef struct {
    const index *first, *sizes;
    index count, width;
} stretches;

/* N(Z) of `evidence.lexical`: among how many units, as it were, a span of so many lets a token choose. */
static double choices(double units, double usual, double dilution) {
    return usual * pow((units > 1 ? units : 1) / usual, dilution);
}

/* ---- evidence.lexical: how well spans explain segments -------------------------------------------------- */

#define ELSEWHERE 8 /* numbers of what does not stand in a stretch: several, lest each addition wait for the last */
#define TOGETHER 8  /* tokens of a segment are padded to a multiple of this */
#define LOGARITHM 8 /* the time of one, in multiplications: decides which way is taken, not what comes out */

/* The tokens of a stretch by numbers of its own, from ELSEWHERE. */
typedef struct {
    int32_t *place;    /* (columns) number of each column */
    index *column;     /* the column of each number */
    index numbers;     /* how many numbers there are */
    int32_t *tokens;   /* numbers of all tokens, each as often as it stands, segment by segment; zeros follow */
    index *starts;     /* (segments + 1) where each segment's begin */
    int32_t *lengths;  /* (segments) tokens in each */
    index *first;      /* (numbers + 1) where the segments of each token begin in `segments` */
    int32_t *segments; /* segments in which a token stands, as often as it does */
} standing;

static void forget(standing *local) {
    for (index k = ELSEWHERE; k < local->numbers; k++)
        local->place[local->column[k]] = (int32_t)(local->column[k] % ELSEWHERE);
    local->numbers = ELSEWHERE;
}

static void number_tokens(standing *local, const counts *targets, index first, index size) {
    index at = 0;
    for (index j = 0; j < size; j++) {
        local->starts[j] = at;
        for (index e = targets->indptr[first + j]; e < targets->indptr[first + j + 1]; e++) {
            index column = targets->indices[e];
            if (local->place[column] < ELSEWHERE) {
                local->column[local->numbers] = column;
                local->place[column] = (int32_t)local->numbers++;
            }
            for (index often = (index)targets->data[e]; often > 0; often--)
                local->tokens[at++] = local->place[column];
        }
        local->lengths[j] = (int32_t)(at - local->starts[j]);
        while (at % TOGETHER) local->tokens[at++] = 0;
    }
    local->starts[size] = at;
    memset(local->first, 0, (size_t)(local->numbers + 1) * sizeof(index));
    for (index k = 0; k < at; k++) local->first[local->tokens[k]]++;
    for (index c = 0; c < local->numbers; c++) local->first[c + 1] += local->first[c];
    for (index j = size - 1; j >= 0; j--)
        for (index k = local->starts[j]; k < local->starts[j + 1]; k++)
            local->segments[--local->first[local->tokens[k]]] = (int32_t)j;
}

/* Log2 likelihood ratios of the segments, a multiplication a token and a logarithm a segment. */
static void explain_all(const standing *local, const double *factor, double loss, index size, float *cell) {
    for (index j = 0; j < size; j++) {
        double product = 1.0, bits = loss * local->lengths[j];
        for (const int32_t *t = local->tokens + local->starts[j]; t < local->tokens + local->starts[j + 1]; t += 8) {
            product *= ((factor[t[0]] * factor[t[1]]) * (factor[t[2]] * factor[t[3]])) *
                       ((factor[t[4]] * factor[t[5]]) * (factor[t[6]] * factor[t[7]]));
            if (product > 1e130) { /* eight factors of up to 1e20 still fit */
                bits += log2(product);
                product = 1.0;
            }
        }
        cell[j] = (float)(bits + log2(product));
    }
}

/* The same where few tokens are explained: a logarithm each, added to the segments in which it stands. */
static void explain_few(const standing *local, const float *odds, float share, const int32_t *explained,
                        index count, double loss, index size, double *bits, float *cell) {
    for (index j = 0; j < size; j++) bits[j] = loss * local->lengths[j];
    for (index k = 0; k < count; k++) {
        double gain = log2f(1.0f + odds[explained[k]] * share);
        for (index p = local->first[explained[k]]; p < local->first[explained[k] + 1]; p++)
            bits[local->segments[p]] += gain;
    }
    for (index j = 0; j < size; j++) cell[j] = (float)bits[j];
}

/* Entries of the stretch that has the most, and its tokens with their padding. */
static void largest_stretch(const counts *targets, const stretches *segments, index *distinct, index *tokens) {
    *distinct = *tokens = 0;
    for (index k = 0; k < segments->count; k++) {
        index begin = targets->indptr[segments->first[k]];
        index end = targets->indptr[segments->first[k] + segments->sizes[k]];
        double all = (double)(TOGETHER * segments->sizes[k]);
        for (index e = begin; e < end; e++) all += targets->data[e];
        if (end - begin > *distinct) *distinct = end - begin;
        if ((index)all > *tokens) *tokens = (index)all;
    }
}

/* What the units of a segment give to each token, relative to chance, into `given`; returns how many units. */
static double give(const counts *units, const table *t, index segment, const standing *local, float *given) {
    double total = 0;
    for (index e = units->indptr[segment]; e < units->indptr[segment + 1]; e++) {
        index unit = units->indices[e];
        float often = units->data[e];
        total += often;
        for (index l = t->indptr[unit]; l < t->indptr[unit + 1]; l++)
            given[local->place[t->indices[l]]] += often * (float)t->data[l];
    }
    return total;
}

/* cells[s − 1], (rectangles, spans − s + 1, segments): how well the s segments of the giver from each one on
   explain each segment of the taker. Twin: `_directed`. */
EXPORT int explain_spans(const counts *units, const counts *targets, const table *t, const double *chance,
                         const stretches *spans, const stretches *segments, index max_span, double smoothing,
                         double dilution, double usual, float *const *cells) {
    index distinct, most;
    largest_stretch(targets, segments, &distinct, &most);
    if (distinct > targets->columns) distinct = targets->columns;
    index wide = distinct + ELSEWHERE;
    standing local = {
        .place = malloc((size_t)(targets->columns + 1) * sizeof(int32_t)),
        .column = malloc((size_t)wide * sizeof(index)),
        .tokens = malloc((size_t)(most + 1) * sizeof(int32_t)),
        .starts = malloc((size_t)(segments->width + 1) * sizeof(index)),
        .lengths = malloc((size_t)(segments->width + 1) * sizeof(int32_t)),
        .first = malloc((size_t)(wide + 1) * sizeof(index)),
        .segments = malloc((size_t)(most + 1) * sizeof(int32_t)),
    };
    float *rows = malloc((size_t)(wide * max_span) * sizeof(float)); /* given, of the last few segments */
    float *sum = malloc((size_t)wide * sizeof(float)), *worth = malloc((size_t)wide * sizeof(float));
    double *bits = malloc((size_t)(segments->width + 1) * sizeof(double));
    double *size = malloc((size_t)max_span * sizeof(double)), *factor = malloc((size_t)wide * sizeof(double));
    int32_t *explained = malloc((size_t)wide * sizeof(int32_t));
    int state = DONE;
    if (!(local.place && local.column && local.tokens && local.starts && local.lengths && local.first &&
          local.segments && rows && sum && worth && bits && size && factor && explained)) {
        state = NO_MEMORY;
        goto end;
    }
    for (index c = 0; c < targets->columns; c++) local.place[c] = (int32_t)(c % ELSEWHERE);
    local.numbers = ELSEWHERE;
    double odds = (1 - smoothing) / smoothing, loss = log2(smoothing);
    for (index k = 0; k < segments->count; k++) {
        index n = spans->sizes[k], m = segments->sizes[k];
        number_tokens(&local, targets, segments->first[k], m);
        index w = local.numbers;
        for (index c = 0; c < ELSEWHERE; c++) worth[c] = 0;
        for (index c = ELSEWHERE; c < w; c++) worth[c] = (float)(odds / chance[local.column[c]]);
        for (index i = 0; i < n; i++) {
            float *row = rows + (i % max_span) * wide;
            memset(row, 0, (size_t)w * sizeof(float));
            size[i % max_span] = give(units, t, spans->first[k] + i, &local, row);
            for (index c = 0; c < w; c++) sum[c] = row[c] *= worth[c];
            double together = 0;
            int few = 1; /* whether few of the tokens are explained; more of them are by longer spans */
            for (index s = 1; s <= max_span && s <= i + 1; s++) { /* the spans that end with this segment */
                index first = i - s + 1;
                const float *added = rows + (first % max_span) * wide;
                together += size[first % max_span];
                float share = (float)(1 / choices(together, usual, dilution));
                for (index c = 0; s > 1 && c < w; c++) sum[c] += added[c];
                index count = 0;
                for (index c = ELSEWHERE; few && c < w; c++) explained[count] = (int32_t)c, count += sum[c] > 0;
                few = few && (LOGARITHM + 1) * count < local.starts[m] + LOGARITHM * m;
                float *cell = cells[s - 1] + (k * (spans->width - s + 1) + first) * segments->width;
                if (few) {
                    explain_few(&local, sum, share, explained, count, loss, m, bits, cell);
                } else {
                    for (index c = 0; c < w; c++) factor[c] = 1.0f + sum[c] * share;
                    explain_all(&local, factor, loss, m, cell);
                }
            }
        }
        forget(&local);
    }
end:
    free(local.place), free(local.column), free(local.tokens), free(local.starts), free(local.lengths);
    free(local.first), free(local.segments), free(rows), free(sum), free(worth), free(size), free(factor);
    free(explained), free(bits);
    return state;
}

/* ---- align.passes: expected links of beads --------------------------------------------------------------- */

/* What stands in the segments of one side of a bead: distinct columns, and how often each. */
static index gather(const counts *matrix, index first, index last, int32_t *place, index *column, double *often) {
    index found = 0;
    for (index e = matrix->indptr[first]; e < matrix->indptr[last]; e++) {
        index c = matrix->indices[e];
        if (!place[c]) {
            column[found] = c;
            often[found] = 0;
            place[c] = (int32_t)++found;
        }
        often[place[c] - 1] += matrix->data[e];
    }
    return found;
}

static index most_entries(const counts *matrix, const index *beads, index count, index side) {
    index most = 0;
    for (index k = 0; k < count; k++) {
        index entries = matrix->indptr[beads[4 * k + side + 1]] - matrix->indptr[beads[4 * k + side]];
        if (entries > most) most = entries;
    }
    return most;
}

/* Links of beads, from `*bead` on, as far as there is room for them: unit, target and expected number of each
   that is not faint. Adds to `seen`, (units), how often each stands in the beads, to `most` how often in one of
   them. All is weighted by the probabilities of the beads. Twin: `_links`.

   beads: (count, 4): first and last + 1 segment of the giver, then of the taker. */
EXPORT int link_beads(const counts *units, const counts *targets, const table *t, const double *chance,
                      const index *beads, const double *probability, index count, double smoothing,
                      double dilution, double usual, double faint, index room, index *bead, index *links,
                      index *unit_of, index *target_of, double *value_of, double *seen, double *most) {
    index widest[2] = {most_entries(units, beads, count, 0) + 1, most_entries(targets, beads, count, 2) + 1};
    int32_t *unit_place = calloc((size_t)units->columns + 1, sizeof(int32_t));
    int32_t *target_place = calloc((size_t)targets->columns + 1, sizeof(int32_t));
    index *unit = malloc((size_t)widest[0] * sizeof(index)), *target = malloc((size_t)widest[1] * sizeof(index));
    double *here = malloc((size_t)widest[0] * sizeof(double)), *there = malloc((size_t)widest[1] * sizeof(double));
    double *total = malloc((size_t)widest[1] * sizeof(double)), *by_chance = malloc((size_t)widest[1] * sizeof(double));
    double *given = malloc((size_t)(widest[1] + 1) * sizeof(double));
    int state = DONE;
    *links = 0;
    if (!(unit_place && target_place && unit && target && here && there && total && by_chance && given)) {
        state = NO_MEMORY;
        goto end;
    }
    for (; *bead < count; ++*bead) {
        const index *where = beads + 4 * *bead;
        double sure = probability[*bead], all = 0, tokens = 0;
        index n = gather(units, where[0], where[1], unit_place, unit, here);
        index m = gather(targets, where[2], where[3], target_place, target, there);
        for (index c = 0; c < m; c++) tokens += there[c];
        /* The links of a token add up to how often it stands at most, and each is `faint` at least. */
        int fits = (double)*links + fmin((double)n * (double)m, tokens / faint) <= (double)room;
        for (index u = 0; fits && u < n; u++) all += here[u];
        double share = 1 / choices(all, usual, dilution);
        for (index c = 0; fits && c < m; c++) {
            by_chance[c] = smoothing * chance[target[c]] / 2;
            total[c] = by_chance[c] * (1 + all * share);
        }
        for (index u = 0; fits && u < n; u++)
            for (index l = t->indptr[unit[u]]; l < t->indptr[unit[u] + 1]; l++) {
                int32_t c = target_place[t->indices[l]];
                if (c) total[c - 1] += here[u] * share * (1 - smoothing) * t->data[l];
            }
        for (index u = 0; fits && u < n; u++) {
            double weight = here[u] * sure;
            seen[unit[u]] += weight;
            if (weight > most[unit[u]]) most[unit[u]] = weight;
            memset(given, 0, (size_t)(m + 1) * sizeof(double));
            for (index l = t->indptr[unit[u]]; l < t->indptr[unit[u] + 1]; l++)
                given[target_place[t->indices[l]]] = (1 - smoothing) * t->data[l];
            for (index c = 0; c < m; c++) {
                double link = here[u] * share * (given[c + 1] + by_chance[c]) * there[c] * sure / total[c];
                if (link >= faint) {
                    unit_of[*links] = unit[u];
                    target_of[*links] = target[c];
                    value_of[(*links)++] = link;
                }
            }
        }
        for (index u = 0; u < n; u++) unit_place[unit[u]] = 0;
        for (index c = 0; c < m; c++) target_place[target[c]] = 0;
        if (!fits) break;
    }
end:
    free(unit_place), free(target_place), free(unit), free(target), free(here), free(there);
    free(total), free(by_chance), free(given);
    return state;
}

/* ---- align.lattice and align.shares: the programme -------------------------------------------------------- */

/* Lattices as in `align.lattice`: beads[t], (count, n + 1, m + 1), weights of beads of type a[t]–b[t]. */
typedef struct {
    index count, n, m, types;
    const index *a, *b;
    const double *const *beads;
    const double *src_null, *tgt_null;
    const index *sizes;
    double null_open;
} lattice;

/* The best way to each node, by state. Twin: `reach`.

   m, x, y, any: (count, n + 1, m + 1), all −∞ before. */
EXPORT int best_ways(const lattice *l, double *in_m, double *in_x, double *in_y, double *in_any) {
    index wide = l->m + 1, area = (l->n + 1) * wide;
    for (index k = 0; k < l->count; k++) {
        index n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
        double *to_m = in_m + k * area, *to_x = in_x + k * area, *to_y = in_y + k * area, *any = in_any + k * area;
        to_m[0] = 0;
        for (index i = 0; i <= n; i++) {
            double *row = to_m + i * wide, *down = to_x + i * wide, *along = to_y + i * wide;
            for (index t = 0; t < l->types; t++) {
                index a = l->a[t], b = l->b[t];
                if (a > i) continue;
                const double *weight = l->beads[t] + k * area + i * wide, *before = any + (i - a) * wide - b;
                for (index j = b; j <= m; j++) {
                    double way = before[j] + weight[j];
                    row[j] = way > row[j] ? way : row[j];
                }
            }
            if (i) {
                double null = l->src_null[k * l->n + i - 1];
                for (index j = 0; j <= m; j++) {
                    double opened = row[j - wide] + l->null_open;
                    down[j] = (opened > down[j - wide] ? opened : down[j - wide]) + null;
                }
            }
            for (index j = 0; j <= m; j++) {
                double entry = row[j] > down[j] ? row[j] : down[j];
                any[i * wide + j] = entry > along[j] ? entry : along[j];
                if (j == m) break;
                double opened = entry + l->null_open;
                along[j + 1] = (opened > along[j] ? opened : along[j]) + l->tgt_null[k * l->m + j];
            }
        }
    }
    return DONE;
}

#define LEAST 1e-300
#define LIFT 300 /* bits; see `shares` */

static double not_nothing(double value) { return value > LEAST ? value : LEAST; }

/* The sums over all ways to each node of one lattice, relative to the best way to it, and the steps into them. */
static void sum_ways(const lattice *l, index k, const double *best, double *const *steps, double *in_m, double *in_x,
                     double *in_y, double *in_any, double *lift) {
    index wide = l->m + 1, area = (l->n + 1) * wide, n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
    double opening = exp2(l->null_open);
    memset(in_m, 0, (size_t)area * sizeof(double));
    memset(in_x, 0, (size_t)area * sizeof(double));
    memset(in_y, 0, (size_t)area * sizeof(double));
    in_m[0] = 1;
    lift[0] = 0;
    for (index i = 0; i <= n; i++) {
        double *row = in_m + i * wide, *down = in_x + i * wide, *along = in_y + i * wide, *any = in_any + i * wide;
        const double *here = best + i * wide;
        if (i) lift[i] = lift[i - 1];
        for (index t = 0; t < l->types; t++) {
            index a = l->a[t], b = l->b[t];
            if (a > i) continue;
            const double *weight = l->beads[t] + k * area + i * wide, *before = here - a * wide - b;
            const double *from = any - a * wide - b;
            double *step = steps[t] + k * area + i * wide, lifted = exp2(lift[i - a] - lift[i]);
            for (index j = b; j <= m; j++) {
                step[j] = exp2(before[j] + weight[j] - here[j]) * lifted;
                row[j] += from[j] * step[j];
            }
        }
        double grown = 0;
        for (index j = 0; j <= m; j++) {
            if (i) {
                double through = exp2(here[j - wide] + l->src_null[k * l->n + i - 1] - here[j]);
                down[j] = (row[j - wide] * opening + down[j - wide]) * through;
            }
            if (j) {
                double through = exp2(here[j - 1] + l->tgt_null[k * l->m + j - 1] - here[j]);
                along[j] = ((row[j - 1] + down[j - 1]) * opening + along[j - 1]) * through;
            }
            any[j] = row[j] + down[j] + along[j];
            if (any[j] > grown) grown = any[j];
        }
        if (grown > exp2(LIFT)) {
            double lowered = exp2(-LIFT);
            lift[i] += LIFT;
            for (index j = 0; j <= m; j++) row[j] *= lowered, down[j] *= lowered, along[j] *= lowered, any[j] *= lowered;
            for (index t = 0; t < l->types; t++)
                for (index j = 0; j <= m; j++) steps[t][k * area + i * wide + j] *= lowered;
        }
    }
}

/* Probabilities flow back from the last node of one lattice; `steps` become those of the beads. */
static void flow_back(const lattice *l, index k, double *const *steps, const double *in_m, const double *in_x,
                      const double *in_y, const double *in_any, double *onward, double *from_x, double *src_null,
                      double *tgt_null, double *opens) {
    index wide = l->m + 1, area = (l->n + 1) * wide, n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
    double opening = exp2(l->null_open);
    memset(onward, 0, (size_t)area * sizeof(double));
    memset(from_x, 0, (size_t)wide * sizeof(double));
    onward[n * wide + m] = 1;
    *opens = 0;
    for (index i = n; i >= 0; i--) {
        const double *row = in_m + i * wide, *down = in_x + i * wide, *along = in_y + i * wide, *any = in_any + i * wide;
        double *ratio = onward + i * wide; /* what goes on becomes the part of state M, over its share */
        double run = 0;                    /* that the path stands in the node to the right, in a run of vi nulls */
        double standing_x = 0;
        for (index j = m; j >= 0; j--) {
            double part = ratio[j] / not_nothing(any[j]), entry = row[j] + down[j];
            double on = along[j] / not_nothing(entry * opening + along[j]);
            double began = run * (1 - on);
            run = part * along[j] + run * on;
            if (j) tgt_null[j - 1] += run;
            double by_entry = part + began / not_nothing(entry);
            double share = row[j] * opening / not_nothing(row[j] * opening + down[j]);
            double opened = from_x[j] * share;
            ratio[j] = (by_entry * row[j] + opened) / not_nothing(row[j]);
            from_x[j] = by_entry * down[j] + from_x[j] * (1 - share);
            standing_x += from_x[j];
            *opens += opened + began;
        }
        if (i) src_null[i - 1] = standing_x;
        for (index t = 0; t < l->types; t++) {
            index a = l->a[t], b = l->b[t];
            if (a > i) continue;
            double *step = steps[t] + k * area + i * wide, *before = onward + (i - a) * wide - b;
            const double *from = any - a * wide - b;
            for (index j = b; j <= m; j++) {
                step[j] = ratio[j] * from[j] * step[j];
                before[j] += step[j];
            }
        }
    }
}

/* Posterior probabilities of all edges. Twin: `posteriors`.

   best: (count, n + 1, m + 1), of `best_ways`, in any state. beads: by type like those of the lattice, all 0
   before; src_null, (count, n), and tgt_null, (count, m), too; opens, log_total: (count). */
EXPORT int edge_posteriors(const lattice *l, const double *best, double *const *beads, double *src_null,
                           double *tgt_null, double *opens, double *log_total) {
    index wide = l->m + 1, area = (l->n + 1) * wide;
    double *scratch = malloc((size_t)(5 * area + wide + l->n + 1) * sizeof(double));
    if (!scratch) return NO_MEMORY;
    double *in_m = scratch, *in_x = in_m + area, *in_y = in_x + area, *any = in_y + area, *onward = any + area;
    double *from_x = onward + area, *lift = from_x + wide;
    for (index k = 0; k < l->count; k++) {
        index n = l->sizes[2 * k], end = n * wide + l->sizes[2 * k + 1];
        sum_ways(l, k, best + k * area, beads, in_m, in_x, in_y, any, lift);
        log_total[k] = best[k * area + end] + log2(any[end]) + lift[n];
        flow_back(l, k, beads, in_m, in_x, in_y, any, onward, from_x, src_null + k * l->n, tgt_null + k * l->m,
                  opens + k);
    }
    free(scratch);
    return DONE;
}
