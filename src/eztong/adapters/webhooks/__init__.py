"""How deliveries reach partners' servers: names are resolved once, addresses judged, slots kept apart."""
