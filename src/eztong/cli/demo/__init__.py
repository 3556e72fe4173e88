"""``eztong demo``: the main job played from end to end over HTTP, by a citizen and by partners, each step checked."""
