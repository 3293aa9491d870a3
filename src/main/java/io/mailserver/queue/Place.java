package io.mailserver.queue;

/**
 * Where a record stands.
 *
 * @param segment its number
 * @param offset of the header in the segment's file
 */
record Place(int segment, int offset) {}
