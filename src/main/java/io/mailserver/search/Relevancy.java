package io.mailserver.search;

import java.util.Arrays;

/** How well messages fit a search that is not to be taken to the letter (RFC 6203 §4): the average over its terms. For one search. */
final class Relevancy {
    private static final int BEST = 100;

    private final int size;
    private int[] points = {};
    private int[] terms = {};

    /** @param size how many messages there are */
    Relevancy(int size) {
        this.size = size;
    }

    /** @param relevancy how well one term was found, from 1 to 100; 0: it was meant to the letter */
    void add(int message, int relevancy) {
        if (relevancy == 0) {
            return;
        }
        if (points.length == 0) { // Most searches need none of this.
            points = Arrays.copyOf(points, size);
            terms = Arrays.copyOf(terms, size);
        }
        points[message] += relevancy;
        terms[message]++;
    }

    /** From 1 to 100; of what was found by no fuzzy term, 100. */
    int of(int message) {
        return points.length == 0 || terms[message] == 0 ? BEST : Math.max(1, points[message] / terms[message]);
    }
}
