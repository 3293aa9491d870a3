package io.mailserver.queue;

import java.util.Map;

/**
 * How many connections there may be.
 *
 * @param connections in all
 * @param perLane to one destination
 * @param rules of destinations that are treated otherwise
 */
record LaneLimits(int connections, int perLane, Map<String, DestinationRule> rules) {
    DestinationRule rule(Lane lane) {
        return rules.isEmpty() ? DestinationRule.NONE : rules.getOrDefault(lane.ruleName(), DestinationRule.NONE);
    }

    int most(Lane lane) {
        return rule(lane).connections().orElse(perLane);
    }
}
