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
    /** Money that the reader is said to owe. */
    BILL(
            "overdue invoice", "unpaid invoice", "outstanding invoice", "past due invoice", "overdue payment", "outstanding payment",
            "outstanding balance", "invoice attached", "attached invoice", "payment is overdue", "remittance advice", "proof of payment",
            "swift copy", "subscription has been renewed", "subscription will be renewed", "auto-renewal", "you will be charged",
            "offene rechnung", "unbezahlte rechnung", "rechnung im anhang", "zahlungserinnerung", "inkasso", "facture impayee",
            "facture en attente", "factura pendiente", "factura vencida"),
    /** What somebody asks who claims to be one's superior. */
    ERRAND(
            "gift cards", "itunes cards", "steam cards", "are you at your desk", "are you available", "i am in a meeting",
            "i'm in a meeting",
            "can't talk right now", "cannot talk right now", "can't take calls", "quick task", "quick favor", "quick favour", "urgent task",
            "keep this confidential", "keep this between us", "wire transfer", "make a transfer", "change my bank", "new bank details",
            "update my direct deposit", "scratch the", "sind sie am platz", "geschenkkarten", "dringende uberweisung", "cartes cadeaux",
            "virement urgent", "tarjetas de regalo", "transferencia urgente"),

    // Words that say nothing alone: all of a group of three make a kind of fraud, whatever sentences it uses.

    /** Something of the reader's. */
    YOURS(
            "your account", "your mailbox", "your access", "your password", "your card", "your profile", "your subscription", "your parcel",
            "your package", "your shipment", "your delivery", "your storage", "your email account", "ihr konto", "ihr zugang",
            "ihren zugang",
            "ihrem konto", "ihre karte", "ihr postfach", "ihr passwort", "ihre daten", "ihre angaben", "ihr paket", "ihre sendung",
            "votre compte", "votre carte", "votre espace", "votre boite", "vos informations", "votre colis", "su cuenta", "su tarjeta",
            "su buzon", "sus datos", "su paquete", "su envio"),
    /** What is said to be wrong with it. */
    IN_TROUBLE(
            "suspended", "restricted", "limited", "locked", "blocked", "deactivated", "disabled", "be closed", "be deleted", "unusual",
            "unknown device", "unauthorized", "unauthorised", "expire", "exceeded", "is full", "almost full", "could not be processed",
            "could not be delivered", "not be delivered", "on hold", "unpaid", "gesperrt", "eingeschrankt", "lauft ab", "ungewohnlich",
            "geschlossen", "schliesen", "nicht zugestellt", "zollgebuhr", "restreint", "suspendu", "bloque", "inhabituelle", "en attente",
            "cloture", "suspendida", "limitada", "no autorizado", "cerrada", "retenido", "pendiente"),
    /** What the reader is to do. */
    TO_BE_CONFIRMED(
            "confirm", "verify", "update your", "log in", "sign in", "restore", "validate", "reactivate", "upgrade", "pay the",
            "reschedule", "bestatig", "aktualisier", "anmelden", "verifizier", "verlangern sie", "bezahlen sie", "zahlen sie",
            "mettre a jour",
            "verifie", "cliquant", "payez", "actualice", "verifique", "pague"),
    /** What somebody claims to have of the reader. */
    SPIED_ON(
            "your camera", "your webcam", "your screen", "your device", "video of you", "film of you", "recorded you", "recording of you",
            "hacked", "know your password", "trojan", "infected your", "ihr gerat", "ihre kamera", "video von ihnen", "votre appareil",
            "votre camera", "su dispositivo", "su camara"),
    /** Whom it is to be shown to. */
    TO_BE_EXPOSED(
            "your contacts", "address book", "everyone you know", "friends and family", "your relatives", "your colleagues",
            "contact list", "ihre kontakte", "vos contacts", "sus contactos", "delete it", "the police"),
    COINS("bitcoin", "btc", "litecoin", "ethereum", "usdt", "monero", "crypto"),
    /** Where a fortune comes from. */
    LEFT_BEHIND(
            "inheritance", "deceased", "late husband", "my late", "late father", "estate of", "widow", "next of kin", "beneficiary",
            "consignment", "no heirs", "no heir", "without a will", "unclaimed", "dormant", "erbschaft", "verstorben",
            "witwe", "en heritage", "d'heritage", "veuve", "defunt", "herencia", "viuda", "fallecid"),
    FORTUNE("million", "usd", "dollars", "a large sum", "huge sum", "millones"),
    /** What makes the reader part of it. */
    IN_CONFIDENCE(
            "confidential", "trust you", "your full name", "your bank", "your telephone", "your phone number", "private email",
            "your share",
            "vertrauensvoll", "vertraulich", "en confiance", "confidentiel", "de confianza", "confidencial"),
    WINNING(
            "you won", "have won", "been selected", "been chosen", "winner", "gewinner", "gewonnen", "ausgewahlt", "gagnant", "gagne",
            "ganador", "ganado", "seleccionado"),
    PRIZE(
            "prize", "reward", "gift card", "voucher", "jackpot", "lottery", "draw", "preis", "gutschein", "lotto", "prix", "cadeau",
            "premio", "regalo", "loteria"),
    TO_BE_CLAIMED(
            "claim", "collect it", "processing fee", "shipping fee", "answer a few", "survey", "abholen", "einlosen", "sichern sie",
            "reclam", "recuper"),

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
