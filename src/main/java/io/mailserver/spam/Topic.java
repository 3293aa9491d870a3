package io.mailserver.spam;

import java.util.List;

/** What unwanted mail is usually about, by phrases in English, German, French and Spanish. */
enum Topic {
    /** Money from nowhere. */
    ADVANCE_FEE(
            "next of kin", "beneficiary of", "unclaimed fund", "million dollars", "million usd", "million euro", "inheritance fund",
            "dormant account", "diplomatic courier", "strictly confidential transaction", "late client", "atm card worth",
            "western union", "i am a widow", "dying of cancer", "charity project", "barrister", "compensation fund", "erbschaft von",
            "millionen euro", "begunstigte", "herencia de", "millones de dolares", "heritage de", "millions d'euros"),
    LOTTERY(
            "lottery", "you have won", "you are a winner", "winning number", "claim your prize", "lucky winner", "gewinnbenachrichtigung",
            "sie haben gewonnen", "lotterie", "ha ganado", "loteria", "vous avez gagne", "loterie", "free gift card"),
    PHISHING(
            "verify your account", "confirm your account", "account has been suspended", "account will be suspended",
            "account has been limited", "unusual sign-in", "unusual activity", "update your payment", "confirm your identity",
            "password will expire", "mailbox is full", "mailbox quota", "validate your mailbox", "click here to verify",
            "your account will be closed", "re-validate", "konto wurde gesperrt", "konto bestatigen", "bestatigen sie ihre daten",
            "ihr konto wurde eingeschrankt", "passwort lauft ab", "verifique su cuenta", "cuenta ha sido suspendida",
            "confirmez votre compte", "votre compte a ete suspendu", "paket konnte nicht zugestellt", "package could not be delivered",
            "customs fee", "pending delivery fee"),
    EXTORTION(
            "i recorded you", "your webcam", "through your camera", "adult site", "adult websites", "send the bitcoin", "bitcoin wallet",
            "i have access to your", "your secret will", "all your contacts will", "48 hours to pay", "48 hours to make the payment",
            "zugriff auf ihr", "video von ihnen", "erotikseite"),
    PHARMACY(
            "viagra", "cialis", "levitra", "online pharmacy", "no prescription", "without prescription", "male enhancement",
            "erectile", "weight loss", "lose weight fast", "diet pills", "cbd oil", "potenzmittel", "rezeptfrei", "abnehmen ohne",
            "sin receta", "perte de poids", "sans ordonnance"),
    GAMBLING(
            "online casino", "casino bonus", "free spins", "no deposit bonus", "betting tips", "sports betting", "jackpot",
            "freispiele", "willkommensbonus", "casino en linea", "casino en ligne", "giros gratis"),
    DATING(
            "hot singles", "lonely women", "russian girls", "meet singles", "hook up tonight", "naked photos", "sexy girls",
            "want to meet you tonight", "frauen in deiner nahe", "heise singles", "chicas cerca de ti", "femmes pres de chez vous"),
    LOAN(
            "loan offer", "business loan", "personal loan", "low interest loan", "loan at 3%", "no credit check", "consolidate your debt",
            "bad credit", "kredit ohne schufa", "sofortkredit", "prestamo sin", "credit sans justificatif", "get a loan"),
    INVESTMENT(
            "guaranteed return", "guaranteed profit", "double your money", "double your bitcoin", "crypto trading", "trading bot",
            "passive income", "make money online", "earn money from home", "work from home", "financial freedom", "risk free investment",
            "daily profit", "geld verdienen", "passives einkommen", "garantierte rendite", "ganar dinero", "gagner de l'argent",
            "hot stock", "penny stock"),
    SEO_OFFER(
            "first page of google", "rank higher", "seo services", "seo packages", "backlinks", "guest post", "web design services",
            "redesign your website", "mobile app development services", "increase your traffic", "email list of", "verified leads",
            "database of companies", "erste seite bei google"),
    GOODS(
            "replica watches", "designer handbags", "ray ban", "rolex", "cheap software", "90% off", "80% off", "buy now and save",
            "factory price", "we are manufacturer", "we are a leading manufacturer", "printer toner", "lieferant aus china"),
    URGENCY(
            "act now", "act immediately", "within 24 hours", "within 48 hours", "limited time", "offer expires", "last warning",
            "final notice", "urgent response", "do not ignore", "immediate action", "urgent reply", "letzte mahnung",
                    "innerhalb von 24 stunden",
            "sofort handeln", "ultima oportunidad", "derniere chance", "dans les 24 heures"),
    MASS_MAIL(
            "this is not spam", "you are receiving this", "to be removed", "remove me", "opt out", "one-time mailing", "dear friend",
            "dear customer", "dear beneficiary", "dear email user", "dear user", "dear winner", "sehr geehrter kunde", "lieber freund",
            "estimado cliente", "cher client", "click here", "click below", "order now", "hier klicken", "haga clic", "cliquez ici");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> phrases;

    Topic(String... phrases) {
        this.phrases = List.of(phrases);
    }

    List<String> phrases() {
        return phrases;
    }
}
