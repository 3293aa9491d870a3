package io.mailserver.delivery;

/**
 * A sign of unwanted mail, or of wanted mail where the points are negative. The spam filter adds them to the evidence; rules may ask for
 * their sum.
 *
 * @param name of the sign, of words joined by hyphens
 * @param points how much it counts
 * @param reason for people, in a few words
 */
public record Points(String name, double points, String reason) {}
