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

typedef int64_t i64; /* as numpy counts; not `index`, which is a function in the <string.h> of macOS */

enum { DONE = 0, NO_MEMORY = -1 };

/* A sparse matrix as in `evidence.sparse`: of counts, or a translation table. */
typedef struct {
    const i64 *indptr, *indices;
    const float *data;
    i64 columns;
} counts;

typedef struct {
    const i64 *indptr, *indices;
    const double *data;
    i64 columns;
} table;

/* Neighbouring segments of one side, one stretch a rectangle, as in `evidence.rectangles`. */
typedef struct {
    const i64 *first, *sizes;
    i64 count, width;
} stretches;

/* N(Z) of `evidence.lexical`: among how many units, as it were, a span of so many lets a token choose. */
static double choices(double units, double usual, double dilution) {
    return usual * pow((units > 1 ? units : 1) / usual, dilution);
}

/* ---- evidence.lexical: how well spans explain segments -------------------------------------------------- */

#define ELSEWHERE 8 /* numbers of what does not stand in a stretch: several, lest each addition wait for the last */
#define TOGETHER 8  /* tokens of a segment are padded to a multiple of this */
#define LOGARITHM 8 /* the time of one, in multiplications: decides which way is taken, not what comes out */

/* The tokens of a stretch by numbers of its own, from ELSEWHERE. Those below are of tokens that do not stand in
   it, and 0 fills segments up: what they are given is thrown away, so that the factor of padding is 1. */
typedef struct {
    int32_t *place;    /* (columns) number of each column */
    i64 *column;       /* the column of each number */
    i64 numbers;       /* how many numbers there are */
    int32_t *tokens;   /* numbers of all tokens, each as often as it stands, segment by segment; each filled up */
    i64 *starts;       /* (segments + 1) where each segment's begin */
    int32_t *lengths;  /* (segments) tokens in each */
    i64 *first;        /* (numbers + 1) where the segments of each token begin in `segments` */
    int32_t *segments; /* segments in which a token stands, as often as it does */
} standing;

static void forget(standing *local) {
    for (i64 k = ELSEWHERE; k < local->numbers; k++)
        local->place[local->column[k]] = (int32_t)(local->column[k] % ELSEWHERE);
    local->numbers = ELSEWHERE;
}

static void number_tokens(standing *local, const counts *targets, i64 first, i64 size) {
    i64 at = 0;
    for (i64 j = 0; j < size; j++) {
        local->starts[j] = at;
        for (i64 e = targets->indptr[first + j]; e < targets->indptr[first + j + 1]; e++) {
            i64 column = targets->indices[e];
            if (local->place[column] < ELSEWHERE) {
                local->column[local->numbers] = column;
                local->place[column] = (int32_t)local->numbers++;
            }
            for (i64 often = (i64)targets->data[e]; often > 0; often--)
                local->tokens[at++] = local->place[column];
        }
        local->lengths[j] = (int32_t)(at - local->starts[j]);
        while (at % TOGETHER) local->tokens[at++] = 0;
    }
    local->starts[size] = at;
    memset(local->first, 0, (size_t)(local->numbers + 1) * sizeof(i64));
    for (i64 k = 0; k < at; k++) local->first[local->tokens[k]]++;
    for (i64 c = 0; c < local->numbers; c++) local->first[c + 1] += local->first[c];
    for (i64 j = size - 1; j >= 0; j--)
        for (i64 k = local->starts[j]; k < local->starts[j + 1]; k++)
            local->segments[--local->first[local->tokens[k]]] = (int32_t)j;
}

/* Log2 likelihood ratios of the segments, a multiplication a token and a logarithm a segment. */
static void explain_all(const standing *local, const double *factor, double loss, i64 size, float *cell) {
    for (i64 j = 0; j < size; j++) {
        double product = 1.0, bits = loss * local->lengths[j];
        for (const int32_t *t = local->tokens + local->starts[j]; t < local->tokens + local->starts[j + 1]; t += TOGETHER) {
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
                        i64 count, double loss, i64 size, double *bits, float *cell) {
    for (i64 j = 0; j < size; j++) bits[j] = loss * local->lengths[j];
    for (i64 k = 0; k < count; k++) {
        double gain = log2f(1.0f + odds[explained[k]] * share);
        for (i64 p = local->first[explained[k]]; p < local->first[explained[k] + 1]; p++)
            bits[local->segments[p]] += gain;
    }
    for (i64 j = 0; j < size; j++) cell[j] = (float)bits[j];
}

/* Entries of the stretch that has the most, and its tokens with their padding. */
static void largest_stretch(const counts *targets, const stretches *segments, i64 *distinct, i64 *tokens) {
    *distinct = *tokens = 0;
    for (i64 k = 0; k < segments->count; k++) {
        i64 begin = targets->indptr[segments->first[k]];
        i64 end = targets->indptr[segments->first[k] + segments->sizes[k]];
        double all = (double)(TOGETHER * segments->sizes[k]);
        for (i64 e = begin; e < end; e++) all += targets->data[e];
        if (end - begin > *distinct) *distinct = end - begin;
        if ((i64)all > *tokens) *tokens = (i64)all;
    }
}

/* What a segment gives: the odds of each number against chance; which numbers have any; its units. */
typedef struct {
    float *odds;
    int32_t *numbers;
    i64 count;
    double units;
} gift;

/* Numbers that have any odds. */
static i64 with_odds(const float *odds, i64 size, int32_t *numbers) {
    i64 count = 0;
    for (i64 c = ELSEWHERE; c < size; c++) {
        numbers[count] = (int32_t)c; /* stays if it is one: a branch would be guessed wrong too often */
        count += odds[c] > 0;
    }
    return count;
}

/* What a unit gives; the numbers that are new are listed. */
static i64 give_listed(const table *t, i64 unit, float often, const int32_t *place, float *odds,
                       int32_t *numbers, i64 count) {
    for (i64 l = t->indptr[unit]; l < t->indptr[unit + 1]; l++) {
        int32_t number = place[t->indices[l]];
        float more = often * (float)t->data[l];
        numbers[count] = number;
        count += (number >= ELSEWHERE) & (odds[number] == 0) & (more > 0);
        odds[number] += more;
    }
    return count;
}

/* What the units of a segment give, in place of what was given before; `worth` is one over chance. Numbers are
   listed one by one where the entries of the table are few, and afterwards where they are many. */
static void give(const counts *units, const table *t, i64 segment, const standing *local, const float *worth,
                 gift *given) {
    const int32_t *place = local->place;
    float *odds = given->odds;
    i64 entries = 0, count = 0, begin = units->indptr[segment], end = units->indptr[segment + 1];
    for (i64 k = 0; k < given->count; k++) odds[given->numbers[k]] = 0;
    given->units = 0;
    for (i64 e = begin; e < end; e++) {
        given->units += units->data[e];
        entries += t->indptr[units->indices[e] + 1] - t->indptr[units->indices[e]];
    }
    if (entries < local->numbers) {
        for (i64 e = begin; e < end; e++)
            count = give_listed(t, units->indices[e], units->data[e], place, odds, given->numbers, count);
        for (i64 k = 0; k < count; k++) odds[given->numbers[k]] *= worth[given->numbers[k]];
    } else {
        for (i64 e = begin; e < end; e++)
            for (i64 l = t->indptr[units->indices[e]]; l < t->indptr[units->indices[e] + 1]; l++)
                odds[place[t->indices[l]]] += units->data[e] * (float)t->data[l];
        for (i64 c = ELSEWHERE; c < local->numbers; c++) odds[c] *= worth[c];
        count = with_odds(odds, local->numbers, given->numbers);
    }
    for (i64 c = 0; c < ELSEWHERE; c++) odds[c] = 0;
    given->count = count;
}

/* Memory that `explain_spans` works in, for the largest of its rectangles. */
typedef struct {
    standing local;
    gift *gifts;      /* of the last few segments */
    float *given;     /* the odds of all of them */
    int32_t *numbers; /* and their numbers */
    float *worth, *sum;
    double *factor, *bits;
    int32_t *explained;
} workshop;

static int furnish(workshop *w, i64 columns, i64 wide, i64 tokens, i64 width, i64 max_span) {
    /* One more of each than is needed: asked for nothing, malloc may give NULL. */
    size_t each = (size_t)wide + 1, span = (size_t)max_span + 1, across = (size_t)width + 1;
    w->local.place = malloc(((size_t)columns + 1) * sizeof(int32_t));
    w->local.column = malloc(each * sizeof(i64));
    w->local.tokens = malloc(((size_t)tokens + 1) * sizeof(int32_t));
    w->local.starts = malloc(across * sizeof(i64));
    w->local.lengths = malloc(across * sizeof(int32_t));
    w->local.first = malloc((each + 1) * sizeof(i64));
    w->local.segments = malloc(((size_t)tokens + 1) * sizeof(int32_t));
    w->gifts = calloc(span, sizeof(gift));
    w->given = calloc(each * span, sizeof(float));
    w->numbers = malloc(each * span * sizeof(int32_t));
    w->worth = malloc(each * sizeof(float));
    w->sum = malloc(each * sizeof(float));
    w->factor = malloc(each * sizeof(double));
    w->bits = malloc(across * sizeof(double));
    w->explained = malloc(each * sizeof(int32_t));
    if (!(w->local.place && w->local.column && w->local.tokens && w->local.starts && w->local.lengths &&
          w->local.first && w->local.segments && w->gifts && w->given && w->numbers && w->worth && w->sum &&
          w->factor && w->bits && w->explained))
        return NO_MEMORY;
    for (i64 c = 0; c < columns; c++) w->local.place[c] = (int32_t)(c % ELSEWHERE);
    w->local.numbers = ELSEWHERE;
    for (size_t s = 0; s < span; s++) {
        w->gifts[s].odds = w->given + s * each;
        w->gifts[s].numbers = w->numbers + s * each;
    }
    return DONE;
}

static void clear_out(workshop *w) {
    free(w->local.place), free(w->local.column), free(w->local.tokens), free(w->local.starts);
    free(w->local.lengths), free(w->local.first), free(w->local.segments), free(w->gifts), free(w->given);
    free(w->numbers), free(w->worth), free(w->sum), free(w->factor), free(w->bits), free(w->explained);
}

/* cells[s − 1], (rectangles, spans − s + 1, segments): how well the s segments of the giver from each one on
   explain each segment of the taker. Twin: `_explained`. */
EXPORT int explain_spans(const counts *units, const counts *targets, const table *t, const double *chance,
                         const stretches *spans, const stretches *segments, i64 max_span, double smoothing,
                         double dilution, double usual, float *const *cells) {
    i64 distinct, tokens;
    largest_stretch(targets, segments, &distinct, &tokens);
    workshop w = {0};
    int state = furnish(&w, targets->columns, distinct + ELSEWHERE, tokens, segments->width, max_span);
    double odds = (1 - smoothing) / smoothing, loss = log2(smoothing);
    for (i64 k = 0; state == DONE && k < segments->count; k++) {
        i64 m = segments->sizes[k];
        number_tokens(&w.local, targets, segments->first[k], m);
        for (i64 c = ELSEWHERE; c < w.local.numbers; c++) w.worth[c] = (float)(odds / chance[w.local.column[c]]);
        for (i64 i = 0; i < spans->sizes[k]; i++) {
            gift *last = w.gifts + i % max_span;
            give(units, t, spans->first[k] + i, &w.local, w.worth, last);
            const float *sum = last->odds;
            const int32_t *explained = last->numbers;
            i64 count = last->count;
            double together = last->units;
            int few = 1; /* whether few of the tokens are explained; where one span explains many, longer ones do */
            for (i64 s = 1; s <= max_span && s <= i + 1; s++) { /* the spans that end with this segment */
                i64 first = i - s + 1;
                if (s > 1) {
                    const gift *added = w.gifts + first % max_span;
                    for (i64 c = 0; c < w.local.numbers; c++) w.sum[c] = sum[c] + added->odds[c];
                    sum = w.sum;
                    together += added->units;
                    if (few) count = with_odds(sum, w.local.numbers, w.explained);
                    explained = w.explained;
                }
                float share = (float)(1 / choices(together, usual, dilution));
                float *cell = cells[s - 1] + (k * (spans->width - s + 1) + first) * segments->width;
                few = few && (LOGARITHM + 1) * count < w.local.starts[m] + LOGARITHM * m;
                if (few) {
                    explain_few(&w.local, sum, share, explained, count, loss, m, w.bits, cell);
                } else {
                    for (i64 c = 0; c < w.local.numbers; c++) w.factor[c] = 1.0f + sum[c] * share;
                    explain_all(&w.local, w.factor, loss, m, cell);
                }
            }
        }
        forget(&w.local);
    }
    clear_out(&w);
    return state;
}

/* ---- align.own_counts: expected links of beads --------------------------------------------------------------- */

/* What stands in the segments of one side of a bead: distinct columns, and how often each. */
static i64 gather(const counts *matrix, i64 first, i64 last, int32_t *place, i64 *column, double *often) {
    i64 found = 0;
    for (i64 e = matrix->indptr[first]; e < matrix->indptr[last]; e++) {
        i64 c = matrix->indices[e];
        if (!place[c]) {
            column[found] = c;
            often[found] = 0;
            place[c] = (int32_t)++found;
        }
        often[place[c] - 1] += matrix->data[e];
    }
    return found;
}

static i64 most_entries(const counts *matrix, const i64 *beads, i64 count, i64 side) {
    i64 most = 0;
    for (i64 k = 0; k < count; k++) {
        i64 entries = matrix->indptr[beads[4 * k + side + 1]] - matrix->indptr[beads[4 * k + side]];
        if (entries > most) most = entries;
    }
    return most;
}

/* Links of beads, from `*bead` on, as far as there is room for them: unit, target and expected number of each
   that is not faint. Adds to `seen`, (units), how often each stands in the beads, to `most` how often in one of
   them. All is weighted by the probabilities of the beads. Twin: `_links_of_some`.

   beads: (count, 4): first and last + 1 segment of the giver, then of the taker. */
EXPORT int link_beads(const counts *units, const counts *targets, const table *t, const double *chance,
                      const i64 *beads, const double *probability, i64 count, double smoothing,
                      double dilution, double usual, double faint, i64 room, i64 *bead, i64 *links,
                      i64 *unit_of, i64 *target_of, double *value_of, double *seen, double *most) {
    i64 widest[2] = {most_entries(units, beads, count, 0) + 1, most_entries(targets, beads, count, 2) + 1};
    int32_t *unit_place = calloc((size_t)units->columns + 1, sizeof(int32_t));
    int32_t *target_place = calloc((size_t)targets->columns + 1, sizeof(int32_t));
    i64 *unit = malloc((size_t)widest[0] * sizeof(i64)), *target = malloc((size_t)widest[1] * sizeof(i64));
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
        const i64 *where = beads + 4 * *bead;
        double sure = probability[*bead], all = 0, tokens = 0;
        i64 n = gather(units, where[0], where[1], unit_place, unit, here);
        i64 m = gather(targets, where[2], where[3], target_place, target, there);
        for (i64 c = 0; c < m; c++) tokens += there[c];
        /* The links of a token add up to how often it stands at most, and each is `faint` at least. */
        int fits = (double)*links + fmin((double)n * (double)m, tokens / faint) <= (double)room;
        for (i64 u = 0; fits && u < n; u++) all += here[u];
        double share = 1 / choices(all, usual, dilution);
        for (i64 c = 0; fits && c < m; c++) {
            by_chance[c] = smoothing * chance[target[c]] / 2;
            total[c] = by_chance[c] * (1 + all * share);
        }
        for (i64 u = 0; fits && u < n; u++)
            for (i64 l = t->indptr[unit[u]]; l < t->indptr[unit[u] + 1]; l++) {
                int32_t c = target_place[t->indices[l]];
                if (c) total[c - 1] += here[u] * share * (1 - smoothing) * t->data[l];
            }
        for (i64 u = 0; fits && u < n; u++) {
            double weight = here[u] * sure;
            seen[unit[u]] += weight;
            if (weight > most[unit[u]]) most[unit[u]] = weight;
            memset(given, 0, (size_t)(m + 1) * sizeof(double));
            for (i64 l = t->indptr[unit[u]]; l < t->indptr[unit[u] + 1]; l++)
                given[target_place[t->indices[l]]] = (1 - smoothing) * t->data[l];
            for (i64 c = 0; c < m; c++) {
                double link = here[u] * share * (given[c + 1] + by_chance[c]) * there[c] * sure / total[c];
                if (link >= faint) {
                    unit_of[*links] = unit[u];
                    target_of[*links] = target[c];
                    value_of[(*links)++] = link;
                }
            }
        }
        for (i64 u = 0; u < n; u++) unit_place[unit[u]] = 0;
        for (i64 c = 0; c < m; c++) target_place[target[c]] = 0;
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
    i64 count, n, m, types;
    const i64 *a, *b;
    const double *const *beads;
    const double *src_null, *tgt_null;
    const i64 *sizes;
    double null_open;
} lattice;

/* The best way to each node, by state. Twin: `reach`.

   m, x, y, any: (count, n + 1, m + 1), all −∞ before. */
EXPORT int best_ways(const lattice *l, double *in_m, double *in_x, double *in_y, double *in_any) {
    i64 wide = l->m + 1, area = (l->n + 1) * wide;
    for (i64 k = 0; k < l->count; k++) {
        i64 n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
        double *to_m = in_m + k * area, *to_x = in_x + k * area, *to_y = in_y + k * area, *any = in_any + k * area;
        to_m[0] = 0;
        for (i64 i = 0; i <= n; i++) {
            double *row = to_m + i * wide, *down = to_x + i * wide, *along = to_y + i * wide;
            for (i64 t = 0; t < l->types; t++) {
                i64 a = l->a[t], b = l->b[t];
                if (a > i) continue;
                const double *weight = l->beads[t] + k * area + i * wide, *before = any + (i - a) * wide;
                for (i64 j = b; j <= m; j++) {
                    double way = before[j - b] + weight[j];
                    row[j] = way > row[j] ? way : row[j];
                }
            }
            if (i) {
                double null = l->src_null[k * l->n + i - 1];
                for (i64 j = 0; j <= m; j++) {
                    double opened = row[j - wide] + l->null_open;
                    down[j] = (opened > down[j - wide] ? opened : down[j - wide]) + null;
                }
            }
            for (i64 j = 0; j <= m; j++) {
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
static void sum_ways(const lattice *l, i64 k, const double *best, double *const *steps, double *in_m, double *in_x,
                     double *in_y, double *in_any, double *lift) {
    i64 wide = l->m + 1, area = (l->n + 1) * wide, n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
    double opening = exp2(l->null_open);
    memset(in_m, 0, (size_t)area * sizeof(double));
    memset(in_x, 0, (size_t)area * sizeof(double));
    memset(in_y, 0, (size_t)area * sizeof(double));
    in_m[0] = 1;
    lift[0] = 0;
    for (i64 i = 0; i <= n; i++) {
        double *row = in_m + i * wide, *down = in_x + i * wide, *along = in_y + i * wide, *any = in_any + i * wide;
        const double *here = best + i * wide;
        if (i) lift[i] = lift[i - 1];
        for (i64 t = 0; t < l->types; t++) {
            i64 a = l->a[t], b = l->b[t];
            if (a > i) continue;
            const double *weight = l->beads[t] + k * area + i * wide, *before = here - a * wide;
            const double *from = any - a * wide;
            double *step = steps[t] + k * area + i * wide, lifted = exp2(lift[i - a] - lift[i]);
            for (i64 j = b; j <= m; j++) {
                step[j] = exp2(before[j - b] + weight[j] - here[j]) * lifted;
                row[j] += from[j - b] * step[j];
            }
        }
        double grown = 0;
        for (i64 j = 0; j <= m; j++) {
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
            for (i64 j = 0; j <= m; j++) row[j] *= lowered, down[j] *= lowered, along[j] *= lowered, any[j] *= lowered;
            for (i64 t = 0; t < l->types; t++)
                for (i64 j = 0; j <= m; j++) steps[t][k * area + i * wide + j] *= lowered;
        }
    }
}

/* Probabilities flow back from the last node of one lattice; `steps` become those of the beads. */
static void flow_back(const lattice *l, i64 k, double *const *steps, const double *in_m, const double *in_x,
                      const double *in_y, const double *in_any, double *onward, double *from_x, double *src_null,
                      double *tgt_null, double *opens) {
    i64 wide = l->m + 1, area = (l->n + 1) * wide, n = l->sizes[2 * k], m = l->sizes[2 * k + 1];
    double opening = exp2(l->null_open);
    memset(onward, 0, (size_t)area * sizeof(double));
    memset(from_x, 0, (size_t)wide * sizeof(double));
    onward[n * wide + m] = 1;
    *opens = 0;
    for (i64 i = n; i >= 0; i--) {
        const double *row = in_m + i * wide, *down = in_x + i * wide, *along = in_y + i * wide, *any = in_any + i * wide;
        double *ratio = onward + i * wide; /* what goes on becomes the part of state M, over its share */
        double run = 0;                    /* that the path stands in the node to the right, in a run of vi nulls */
        double standing_x = 0;
        for (i64 j = m; j >= 0; j--) {
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
        for (i64 t = 0; t < l->types; t++) {
            i64 a = l->a[t], b = l->b[t];
            if (a > i) continue;
            double *step = steps[t] + k * area + i * wide, *before = onward + (i - a) * wide;
            const double *from = any - a * wide;
            for (i64 j = b; j <= m; j++) {
                step[j] = ratio[j] * from[j - b] * step[j];
                before[j - b] += step[j];
            }
        }
    }
}

/* Posterior probabilities of all edges. Twin: `posteriors`.

   best: (count, n + 1, m + 1), of `best_ways`, in any state. beads: by type like those of the lattice, all 0
   before; src_null, (count, n), and tgt_null, (count, m), too; opens, log_total: (count). */
EXPORT int edge_posteriors(const lattice *l, const double *best, double *const *beads, double *src_null,
                           double *tgt_null, double *opens, double *log_total) {
    i64 wide = l->m + 1, area = (l->n + 1) * wide;
    double *scratch = malloc((size_t)(5 * area + wide + l->n + 1) * sizeof(double));
    if (!scratch) return NO_MEMORY;
    double *in_m = scratch, *in_x = in_m + area, *in_y = in_x + area, *any = in_y + area, *onward = any + area;
    double *from_x = onward + area, *lift = from_x + wide;
    for (i64 k = 0; k < l->count; k++) {
        i64 n = l->sizes[2 * k], end = n * wide + l->sizes[2 * k + 1];
        sum_ways(l, k, best + k * area, beads, in_m, in_x, in_y, any, lift);
        log_total[k] = best[k * area + end] + log2(any[end]) + lift[n];
        flow_back(l, k, beads, in_m, in_x, in_y, any, onward, from_x, src_null + k * l->n, tgt_null + k * l->m,
                  opens + k);
    }
    free(scratch);
    return DONE;
}

/* ---- language.spaced: the words of texts ------------------------------------------------------------------- */

/* What Python's str.split() parts words at. */
static int is_space(uint32_t code) {
    if (code < 128) return code == 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/* Numbers the words of texts by first appearance: `words`, one after the other, and how many each text has. Where
   each different word stands first goes into `starts` and `ends`. Twin: `words_split`.

   codes: the characters of all texts. text_ends: (texts) where each ends. slots: (a power of two, larger than the
   number of words), all 0 before. */
EXPORT int number_words(const uint32_t *codes, const i64 *text_ends, i64 texts, int32_t *slots, i64 slot_count,
                        i64 *words, i64 *lengths, i64 *starts, i64 *ends, i64 *distinct) {
    i64 at = 0, found = 0;
    *distinct = 0;
    for (i64 k = 0; k < texts; k++) {
        i64 before = found;
        while (at < text_ends[k]) {
            if (is_space(codes[at])) {
                at++;
                continue;
            }
            i64 start = at;
            uint64_t hash = 0; /* a polynomial, as in evidence.units */
            for (; at < text_ends[k] && !is_space(codes[at]); at++) hash = (hash ^ codes[at]) * 0x9E3779B97F4A7C15u;
            i64 slot = (i64)((hash ^ (hash >> 29)) & (uint64_t)(slot_count - 1));
            for (;; slot = (slot + 1) & (slot_count - 1)) {
                i64 word = slots[slot] - 1;
                if (word < 0) {
                    word = (*distinct)++;
                    starts[word] = start;
                    ends[word] = at;
                    slots[slot] = (int32_t)*distinct;
                }
                if (ends[word] - starts[word] == at - start &&
                    !memcmp(codes + starts[word], codes + start, (size_t)(at - start) * sizeof(uint32_t))) {
                    words[found++] = word;
                    break;
                }
            }
        }
        lengths[k] = found - before;
    }
    return DONE;
}
